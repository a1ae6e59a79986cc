// The words and chips that the sentences of all questions are made of.

import type { EventPick, Split } from '@/api/question_types';
import type { Language } from '@/api/types';
import type { MessageKey, Translate } from '@/i18n';
import type { Names } from '@/rule/names';
import { sentence_of } from '@/rule/sentence';
import { where_text } from '@/rule/sentence_events';
import type { Rule } from '@/rule/types';
import { duration_text, period_text } from '@/rule/words';
import { split_audiences, split_names, type Draft } from './draft';

export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'chip'; slot: string; text: string; missing?: boolean; toggle?: boolean };
export type Words = { t: Translate; names: Names; language: Language };
// What may be added to the question, as the words of its button.
export type Offer = { slot: string; text: string };

export const text = (words: string): Part => ({ kind: 'text', text: words });
export const chip = (slot: string, words: string, more: Partial<Part> = {}): Part =>
  ({ kind: 'chip', slot, text: words, ...more }) as Part;

// Each part with the punctuation that follows it, which must not begin a line of its own.
export type Glued = { part: Part; tail: string };
const closing = /^\s*[，、；：。）】」,;:.)]+/u;

export function glued(parts: Part[]): Glued[] {
  const list: Glued[] = [];
  for (const part of parts) {
    const before = list.at(-1);
    const [tail] = (part.kind === 'text' && before && closing.exec(part.text)) || [''];
    if (before) before.tail += tail.trim();
    const rest = part.text.slice(tail.length).trim();
    if (rest || part.kind === 'chip') list.push({ part: tail ? text(rest) : part, tail: '' });
  }
  return list;
}

const mark = '\u0001';

// The message with parts where its values stand.
export function fill(t: Translate, key: MessageKey, slots: Record<string, Part[]>): Part[] {
  const values = Object.fromEntries(Object.keys(slots).map((name) => [name, mark + name + mark]));
  return t(key, values)
    .split(mark)
    .flatMap((piece, i) => (i % 2 ? slots[piece]! : piece.trim() ? [text(piece.trim())] : []));
}

export function joined(lists: Part[][], between: string): Part[] {
  return lists.flatMap((list, i) => (i === 0 ? list : [text(between), ...list]));
}

export function event_name(event: string, { t, names }: Words): string {
  if (event === '$any') return t('question.any');
  if (event === '$new_customer') return t('question.new_customer');
  if (event === '$other') return t('question.other');
  return names.event(event);
}

export function quoted(event: string, words: Words): string {
  const name = event_name(event, words);
  if (event === '$any' || event === '$new_customer') return name;
  return words.language === 'zh' ? `「${name}」` : `“${name}”`;
}

export function event_parts(slot: string, pick: EventPick, words: Words): Part[] {
  const { t, names, language } = words;
  const name = pick.event
    ? chip(slot, quoted(pick.event, words))
    : chip(slot, t('question.choose'), { missing: true });
  const wheres = (pick.where ?? []).map((where, i) => {
    const shown = where_text(where, pick.event, names, language);
    return chip(`${slot}.where.${i}`, shown ?? t('question.set_where'), {
      missing: shown === null,
    });
  });
  if (wheres.length === 0) return [name];
  return [
    name,
    ...fill(t, 'question.reads.where', {
      where: joined(
        wheres.map((one) => [one]),
        t('builder.and'),
      ),
    }),
  ];
}

export function audience_text(audience: Rule | undefined, words: Words): string {
  const { t, names, language } = words;
  if (!audience) return t('question.everyone');
  if ('audience' in audience)
    return t('question.of_audience', { name: names.audience(audience.audience) });
  return t('question.of_rule', { rule: sentence_of(audience, names, language) });
}

export function by_text(by: string, event: string, { t, names }: Words): string {
  if (by === '$event') return t('question.by_event');
  return by.startsWith('tag:') ? names.tag(by.slice(4)) : names.property(event, by);
}

export function measure_text(measure: string, event: string, { t, names }: Words): string {
  const [what, property] = measure.split(':');
  const of = property ? names.property(event, property) : '';
  return t(`question.measure.${what}` as MessageKey, { property: of });
}

export const span = (slot: string, value: string, { language }: Words) => [
  chip(slot, duration_text(value, language)),
];

export function scope(draft: Draft, words: Words): Record<string, Part[]> {
  const missing = !draft.ask.within && !(draft.ask.from && draft.ask.to);
  return {
    audience: [chip('audience', audience_text(draft.ask.audience, words))],
    period: [
      missing
        ? chip('period', words.t('question.choose'), { missing: true })
        : chip('period', period_text(draft.ask, words.language)),
    ],
  };
}

function audiences_parts(audiences: string[], words: Words): Part[] {
  const { t, names, language } = words;
  const named = audiences.map((id) => names.audience(id)).join(language === 'zh' ? '、' : ', ');
  return fill(t, 'question.reads.by_audiences', {
    audiences: [
      named ? chip('audiences', named) : chip('audiences', t('question.choose'), { missing: true }),
    ],
  });
}

export function by_parts(split: Split | undefined, event: string, words: Words): Part[] {
  const audiences = split_audiences(split);
  if (audiences) return audiences_parts(audiences, words);
  const by = split_names(split);
  if (!by.length) return [];
  return fill(words.t, 'question.reads.by', {
    by: joined(
      by.map((one, i) => [chip(`by.${i}`, by_text(one, event, words))]),
      words.language === 'zh' ? '、' : ',',
    ),
  });
}
