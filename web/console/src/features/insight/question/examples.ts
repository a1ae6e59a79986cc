// The questions that a bank asks first, as the server tells them, ready to be asked of its own data.

import type { EventPick, QuestionKind, Split } from '@/api/question_types';
import type { ReadyMadeQuestion, Vocabulary } from '@/api/types';
import { metric_parts_of, picks_of, split_names, type Draft, type DraftOf } from './draft';
import { draft_of_tile } from './tile';

export type Example = Pick<ReadyMadeQuestion, 'id' | 'title' | 'title_zh'> & { draft: Draft };

const on = (event: string): EventPick => ({ event });

// The questions that this bank's own events, properties and tags can answer.
export function examples_for(vocabulary: Vocabulary, ready: ReadyMadeQuestion[]): Example[] {
  return ready
    .map((one) => ({ ...one, draft: draft_of_tile(one) }))
    .filter((one) => is_answerable(one.draft, vocabulary));
}

function is_answerable(draft: Draft, vocabulary: Vocabulary): boolean {
  const events = new Map(vocabulary.events.map((event) => [event.name, event]));
  const knows = (event: string) => event.startsWith('$') || events.has(event);
  const has = (event: string, property: string | null | undefined) =>
    !property || (events.get(event)?.properties.some((one) => one.name === property) ?? false);
  const splits = (event: string, by: string) =>
    by === '$event' ||
    (by.startsWith('tag:')
      ? vocabulary.tags.some((one) => one.name === by.slice(4))
      : has(event, by));
  if (!picks_of(draft).every(([, pick]) => knows(pick.event))) return false;
  const ask = draft.ask as Record<string, unknown>;
  const first = picks_of(draft)[0]![1].event;
  if (!measured_of(draft).every((one) => has(one.event, one.measure.split(':')[1]))) return false;
  if (draft.kind === 'attribution') {
    const { goal, touches, by } = draft.ask;
    return has(goal.event, goal.value) && touches.every((one) => splits(one.event, by));
  }
  return split_names(ask.by as Split | undefined).every((by) => splits(first, by));
}

function measured_of(draft: Draft) {
  if (draft.kind === 'metric') return metric_parts_of(draft.ask);
  return draft.kind === 'distribution' ? [draft.ask] : [];
}

// What a kind begins with: its first example, else the plainest question of that kind.
export function first_draft(kind: QuestionKind, examples: Example[]): Draft {
  return examples.find((one) => one.draft.kind === kind)?.draft ?? blank_draft(kind);
}

type Blank = { [K in QuestionKind]: DraftOf<K>['ask'] };
const blanks: Blank = {
  metric: { event: '$any', measure: 'unique', per: 'day', within: '30d' },
  funnel: { steps: [on(''), on('')], window: '1d', within: '30d' },
  retention: {
    first: on('$new_customer'),
    then: on('$any'),
    unit: 'week',
    periods: 8,
    within: '90d',
  },
  lifecycle: { event: '$any', unit: 'week', within: '90d' },
  paths: { start: on(''), gap: '30m', steps: 4, within: '7d' },
  distribution: { event: '', measure: 'count', within: '30d' },
  interval: { first: on(''), then: on(''), window: '7d', within: '30d' },
  attribution: {
    goal: on(''),
    touches: [on('')],
    by: '$event',
    window: '7d',
    model: 'last',
    within: '30d',
  },
};

export const blank_draft = (kind: QuestionKind): Draft => ({ kind, ask: blanks[kind] }) as Draft;
