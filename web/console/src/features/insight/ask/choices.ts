// What may stand in each chip of a question.

import type { QuestionKind } from '@/api/question_types';
import type { Vocabulary } from '@/api/types';
import { metric_parts_of, picks_of, type Draft } from '../question/draft';

// The event whose properties the question may be split by.
export const subject_of = (draft: Draft): string =>
  draft.kind === 'attribution'
    ? (draft.ask.touches[0]?.event ?? '')
    : (picks_of(draft)[0]?.[1].event ?? '');

export const properties_of = (event: string, vocabulary: Vocabulary) =>
  vocabulary.events.find((one) => one.name === event)?.properties ?? [];

export const numeric_properties = (event: string, vocabulary: Vocabulary) =>
  properties_of(event, vocabulary).filter((one) => one.type === 'number');

const groupable = ['string', 'boolean'];

// "p" and "tag:t", those of the event first; of a metric's parts those that all their events have.
export function splits_of(draft: Draft, vocabulary: Vocabulary): string[] {
  const others =
    draft.kind === 'metric' ? metric_parts_of(draft.ask).slice(1).map((part) => part.event) : [];
  const has = (event: string, name: string) =>
    properties_of(event, vocabulary).some((one) => one.name === name);
  return [
    ...properties_of(subject_of(draft), vocabulary)
      .filter((one) => groupable.includes(one.type))
      .map((one) => one.name)
      .filter((name) => others.every((event) => event === '' || has(event, name))),
    ...vocabulary.tags
      .filter((one) => groupable.includes(one.type))
      .map((one) => `tag:${one.name}`),
  ];
}

export function measures_of(kind: QuestionKind, event: string, vocabulary: Vocabulary): string[] {
  const numbers = numeric_properties(event, vocabulary).map((one) => one.name);
  const each = (names: string[]) => names.flatMap((name) => numbers.map((one) => `${name}:${one}`));
  if (kind === 'distribution') return ['count', 'days', 'hour', ...each(['sum'])];
  return ['count', 'unique', 'per_person', ...each(['sum', 'avg', 'min', 'max'])];
}

// The special events that may stand at a slot, before those of the dictionary.
export function special_events(kind: QuestionKind, slot: string): string[] {
  if (kind === 'metric') return ['$any', '$new_customer'];
  if (kind === 'lifecycle') return ['$any'];
  if (kind === 'retention') return slot === 'first' ? ['$new_customer'] : ['$any'];
  return [];
}

export const takes_away = (draft: Draft, slot: string): boolean => {
  if (draft.kind === 'funnel' && slot.startsWith('steps.')) return draft.ask.steps.length > 2;
  if (draft.kind === 'attribution' && slot.startsWith('touches.'))
    return draft.ask.touches.length > 1;
  if (draft.kind === 'metric' && slot.startsWith('parts.')) return true;
  return slot.startsWith('exclude.');
};
