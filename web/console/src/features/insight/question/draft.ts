// A question that is being put together: exactly what will be asked, plus how it is looked at.

import type {
  AttributionModel,
  EventPick,
  MetricAsked,
  MetricPart,
  QuestionKind,
  Questions,
  Split,
} from '@/api/question_types';
import { rule_of, tree_of, needs_value } from '@/rule/tree';
import type { Rule, Where } from '@/rule/types';
import { fault_of, without_part } from './formula';

export type DraftOf<K extends QuestionKind> = {
  kind: K;
  ask: Questions[K];
  second?: AttributionModel; // the model that an attribution is compared with
};
export type Draft = { [K in QuestionKind]: DraftOf<K> }[QuestionKind];

export const question_kinds: QuestionKind[] = [
  'funnel',
  'retention',
  'metric',
  'paths',
  'lifecycle',
  'distribution',
  'interval',
  'attribution',
];

export const is_kind = (name: string | undefined): name is QuestionKind =>
  question_kinds.some((kind) => kind === name);

// The parts of a metric; a question without a formula is its only one.
export function metric_parts_of(ask: MetricAsked): MetricPart[] {
  if (ask.parts) return ask.parts;
  const { event = '', where, measure = 'count' } = ask;
  return [{ event, ...(where ? { where } : {}), measure }];
}

// A question of one part has no formula but itself, and no parts.
export function with_parts(
  draft: DraftOf<'metric'>,
  parts: MetricPart[],
  formula: string,
): DraftOf<'metric'> {
  const { event: _event, where: _where, measure: _measure, ...rest } = draft.ask;
  const [only, ...more] = parts;
  if (more.length === 0 && formula.trim() === 'A') {
    const { parts: _parts, formula: _formula, ...plain } = rest;
    return { ...draft, ask: { ...plain, ...only } };
  }
  return { ...draft, ask: { ...rest, parts, formula } };
}

export const split_audiences = (by: Split | undefined): string[] | undefined =>
  by && !Array.isArray(by) ? by.audiences : undefined;
export const split_names = (by: Split | undefined): string[] =>
  Array.isArray(by) ? by : [];
export const is_split = (by: Split | undefined): boolean =>
  Boolean(split_audiences(by)) || split_names(by).length > 0;

// Where an event stands in a question: "steps.1", "first", or "self" (the question itself names it).
export function pick_at(draft: Draft, slot: string): EventPick | null {
  if (slot === 'self') return draft.ask as EventPick;
  const [name, index] = slot.split('.');
  const found = (draft.ask as Record<string, unknown>)[name!];
  return ((Array.isArray(found) ? found[Number(index)] : found) as EventPick) ?? null;
}

// The question with another event at the slot; null takes a step of a list away.
export function with_pick(draft: Draft, slot: string, pick: EventPick | null): Draft {
  const ask = draft.ask as Record<string, unknown>;
  if (slot === 'self' && pick) {
    const { where: _where, ...rest } = ask;
    return with_ask(draft, { ...rest, ...without_empty(pick) });
  }
  const [name, index] = slot.split('.');
  const list = ask[name!];
  if (!Array.isArray(list))
    return with_ask(draft, { ...ask, [name!]: pick && without_empty(pick) });
  const at = Number(index);
  if (draft.kind === 'metric' && !pick)
    return with_parts(
      draft,
      metric_parts_of(draft.ask).filter((_, i) => i !== at),
      without_part(draft.ask.formula ?? 'A', at),
    );
  const next = pick
    ? list.map((one, i) => (i === at ? without_empty(pick) : one))
    : list.filter((_, i) => i !== at);
  return with_ask(draft, trimmed({ ...ask, [name!]: next }));
}

// Exclusions that name a step that is gone go with it.
function trimmed(ask: Record<string, unknown>): Record<string, unknown> {
  const exclude = ask.exclude as { after: number }[] | undefined;
  const steps = ask.steps as unknown[] | undefined;
  if (!exclude || !steps) return ask;
  const kept = exclude.filter((one) => one.after < steps.length);
  return { ...ask, exclude: kept.length ? kept : undefined };
}

function without_empty(pick: EventPick): EventPick {
  if (pick.where?.length) return pick;
  const { where: _where, ...rest } = pick;
  return rest;
}

export function with_ask(draft: Draft, part: Record<string, unknown>): Draft {
  const ask = { ...(draft.ask as Record<string, unknown>), ...part };
  if (!('where' in part) && 'event' in part) delete ask.where;
  for (const [key, value] of Object.entries(ask)) if (value === undefined) delete ask[key];
  return { ...draft, ask } as unknown as Draft;
}

export function picks_of(draft: Draft): [string, EventPick][] {
  const listed = (name: string, list: EventPick[] = []) =>
    list.map((one, i): [string, EventPick] => [`${name}.${i}`, one]);
  switch (draft.kind) {
    case 'funnel':
      return [...listed('steps', draft.ask.steps), ...listed('exclude', draft.ask.exclude)];
    case 'retention':
    case 'interval':
      return [
        ['first', draft.ask.first],
        ['then', draft.ask.then],
      ];
    case 'paths':
      return draft.ask.start ? [['start', draft.ask.start]] : [['end', draft.ask.end!]];
    case 'attribution':
      return [['goal', draft.ask.goal], ...listed('touches', draft.ask.touches)];
    case 'metric':
      return draft.ask.parts
        ? listed('parts', draft.ask.parts)
        : [['self', draft.ask as EventPick]];
    default:
      return [['self', draft.ask as EventPick]];
  }
}

export const whole_where = (where: Where) =>
  where.property !== '' &&
  (!needs_value(where.op) ||
    (Array.isArray(where.value)
      ? where.value.length > 0 && where.value.every((one) => one !== '')
      : where.value !== undefined && where.value !== ''));

const whole_audience = (audience: Rule | undefined) =>
  !audience || rule_of(tree_of(audience)).incomplete.length === 0;

const is_sound_formula = ({ parts, formula }: MetricAsked) =>
  !parts || fault_of(formula ?? '', parts.length) === null;

// Whether everything is filled in, so that it can be asked.
export function is_whole(draft: Draft): boolean {
  const { within, from, to } = draft.ask;
  return (
    (within !== undefined || (from !== undefined && to !== undefined)) &&
    picks_of(draft).every(
      ([, pick]) => pick.event !== '' && (pick.where ?? []).every(whole_where),
    ) &&
    whole_audience(draft.ask.audience) &&
    split_audiences((draft.ask as { by?: Split }).by)?.length !== 0 &&
    (draft.kind !== 'metric' || is_sound_formula(draft.ask))
  );
}

export const backward = (draft: DraftOf<'paths'>) => draft.ask.end !== undefined;

// What ends a path: a long pause, the end of a window, or a property that has another value.
export type PathEnd = 'gap' | 'window' | 'hold';
const path_ends: PathEnd[] = ['gap', 'window', 'hold'];

export const is_only_end = (draft: DraftOf<'paths'>, end: PathEnd): boolean =>
  path_ends.every((other) => other === end || !draft.ask[other]);

// A funnel's steps may do without a held property; a path that nothing else ends, ends at a pause.
export function without_end(draft: Draft, end: PathEnd): Draft {
  const needs_gap = draft.kind === 'paths' && is_only_end(draft, end);
  return with_ask(draft, { [end]: undefined, ...(needs_gap ? { gap: '30m' } : {}) });
}

// The same path question looked at from the other side.
export function turned(draft: DraftOf<'paths'>): Draft {
  const { start, end, ...rest } = draft.ask;
  return { ...draft, ask: end ? { ...rest, start: end } : { ...rest, end: start } };
}
