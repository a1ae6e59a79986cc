// A question as the fragment of an address, so that it can be linked. A fragment never reaches the
// server's log, and values of sealed properties and tags are left out of it: nothing personal stands
// in an address.

import type { Questions, QuestionKind } from '@/api/question_types';
import type { Vocabulary } from '@/api/types';
import type { Rule, Where } from '@/rule/types';
import { picks_of, with_ask, with_pick, type Draft } from './draft';

const version = '1';

function to_base64url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function from_base64url(text: string): string {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return new TextDecoder('utf-8', { fatal: true }).decode(
    Uint8Array.from(binary, (letter) => letter.charCodeAt(0)),
  );
}

export function fragment_of(draft: Draft, vocabulary: Vocabulary): string {
  const { ask, second } = shareable(draft, vocabulary);
  return `#${version}.${to_base64url(JSON.stringify(second ? [ask, second] : [ask]))}`;
}

// The question of a fragment; null where there is none that this kind understands.
export function draft_of(kind: QuestionKind, fragment: string): Draft | null {
  const text = fragment.replace(/^#/, '');
  if (!text.startsWith(`${version}.`)) return null;
  try {
    const parts = JSON.parse(from_base64url(text.slice(version.length + 1))) as unknown;
    if (!Array.isArray(parts) || !is_sound(kind, parts[0])) return null;
    const [ask, second] = parts as [Questions[typeof kind], Draft['second']];
    return { kind, ask, ...(typeof second === 'string' ? { second } : {}) } as Draft;
  } catch {
    return null;
  }
}

type Check = (value: unknown) => boolean;
const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const is_object = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list_of =
  (check: Check, least = 0): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.every(check);
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const where: Check = (value) =>
  is_object(value) && text(value.property) && text(value.op) && value.op !== '';
const pick: Check = (value) =>
  is_object(value) && text(value.event) && maybe(list_of(where))(value.where);
const part: Check = (value) => pick(value) && text((value as { measure: unknown }).measure);
const exclusion: Check = (value) => pick(value) && number((value as { after: unknown }).after);
const flag: Check = (value) => typeof value === 'boolean';
const split: Check = (value) =>
  list_of(text)(value) || (is_object(value) && list_of(text)(value.audiences));
const self = { event: text, where: maybe(list_of(where)) };

const shapes: Record<QuestionKind, Record<string, Check>> = {
  metric: {
    event: maybe(text),
    where: maybe(list_of(where)),
    measure: maybe(text),
    parts: maybe(list_of(part, 1)),
    formula: maybe(text),
    per: text,
    by: maybe(split),
    top: maybe(number),
    average: maybe(number),
  },
  funnel: {
    steps: list_of(pick, 2),
    window: text,
    hold: maybe(text),
    exclude: maybe(list_of(exclusion)),
    by: maybe(split),
    per: maybe(text),
  },
  retention: {
    first: pick,
    first_ever: maybe(flag),
    then: pick,
    unit: text,
    periods: number,
    by: maybe(split),
  },
  lifecycle: { ...self, unit: text },
  paths: {
    start: maybe(pick),
    end: maybe(pick),
    gap: maybe(text),
    window: maybe(text),
    hold: maybe(text),
    steps: number,
    only: maybe(list_of(text)),
    leave_out: maybe(list_of(text)),
  },
  distribution: { ...self, measure: text, buckets: maybe(list_of(number)) },
  interval: { first: pick, then: pick, window: text },
  attribution: {
    goal: pick,
    touches: list_of(pick, 1),
    by: text,
    window: text,
    model: text,
    half_life: maybe(text),
  },
};
const common: Record<string, Check> = {
  within: maybe(text),
  from: maybe(text),
  to: maybe(text),
  audience: maybe(is_rule),
};

export function is_sound(kind: QuestionKind, ask: unknown): boolean {
  if (!is_object(ask)) return false;
  if (kind === 'paths' && (ask.start === undefined) === (ask.end === undefined)) return false;
  if (kind === 'metric' && (ask.parts === undefined) === (ask.event === undefined)) return false;
  return Object.entries({ ...common, ...shapes[kind] }).every(([key, check]) => check(ask[key]));
}

const leaf_keys = ['tag', 'event', 'audience', 'org', 'consent', 'identity', 'score'];

function is_rule(value: unknown): boolean {
  if (!is_object(value)) return false;
  if ('all' in value) return list_of(is_rule)(value.all);
  if ('any' in value) return list_of(is_rule)(value.any);
  if ('not' in value) return is_rule(value.not);
  if ('sequence' in value) return list_of(pick)(value.sequence);
  return leaf_keys.some((key) => text(value[key])) && maybe(list_of(where))(value.where);
}

export function shareable(draft: Draft, vocabulary: Vocabulary): Draft {
  const sealed_tags = new Set(
    vocabulary.tags.filter((one) => one.type === 'sealed').map((one) => one.name),
  );
  const open_wheres = (event: string, wheres: Where[] | undefined) => {
    const properties = vocabulary.events.find((one) => one.name === event)?.properties ?? [];
    const is_sealed = (name: string) =>
      properties.some((one) => one.name === name && one.type === 'sealed');
    return wheres?.map((one) => (is_sealed(one.property) ? { ...one, value: undefined } : one));
  };
  const open_rule = (rule: Rule): Rule => {
    if ('all' in rule) return { all: rule.all.map(open_rule) };
    if ('any' in rule) return { any: rule.any.map(open_rule) };
    if ('not' in rule) return { not: open_rule(rule.not) };
    if ('tag' in rule) return sealed_tags.has(rule.tag) ? { ...rule, value: undefined } : rule;
    if ('event' in rule) return { ...rule, where: open_wheres(rule.event, rule.where) };
    if ('sequence' in rule) {
      const steps = rule.sequence.map((step) => ({
        ...step,
        where: open_wheres(step.event, step.where),
      }));
      return { ...rule, sequence: steps };
    }
    return rule;
  };
  const opened = picks_of(draft).reduce(
    (next, [slot, one]) =>
      with_pick(next, slot, { ...one, where: open_wheres(one.event, one.where) }),
    draft,
  );
  const { audience } = draft.ask;
  return audience ? with_ask(opened, { audience: open_rule(audience) }) : opened;
}
