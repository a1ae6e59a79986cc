import { expect, test } from 'vitest';
import type { Vocabulary } from '@/api/types';
import {
  formula_of,
  formula_sentence,
  is_complete,
  join_measure,
  people_of,
  split_measure,
  type Formula,
} from './formula';
import { names_of } from './names';

const amount = { name: 'amount', name_zh: '金额', name_en: 'amount', type: 'number' as const };
const channel = { name: 'channel', name_zh: '渠道', name_en: 'channel', type: 'string' as const };
const vocabulary: Vocabulary = {
  tags: [],
  orgs: [],
  consents: [],
  identities: [],
  audiences: [],
  events: [
    {
      name: 'payment',
      name_zh: '支付',
      name_en: 'Payment',
      meaning: '',
      properties: [amount, channel].map((one) => ({ ...one, meaning: '', unit: '', values: [] })),
    },
  ],
};
const zh = names_of(vocabulary, 'zh');
const en = names_of(vocabulary, 'en');
const total: Formula = { event: 'payment', within: '30d', measure: 'sum:amount' };

test('a formula reads as a sentence in both languages', () => {
  expect(formula_sentence(total, zh, 'zh')).toBe('30 天内「支付」的金额合计');
  expect(formula_sentence(total, en, 'en')).toBe(
    'the total amount of “Payment” in the last 30 days',
  );
  const where = [{ property: 'channel', op: 'eq' as const, value: 'app' }];
  expect(formula_sentence({ ...total, measure: 'days_since_last', where }, zh, 'zh')).toBe(
    '30 天内「支付」（渠道是手机银行）的最近一次距今几天',
  );
});

test('"last" is a time and "last:p" a value, both ways', () => {
  expect(split_measure('last')).toEqual({ kind: 'last_time', property: '' });
  expect(split_measure('last:channel')).toEqual({ kind: 'last_value', property: 'channel' });
  for (const measure of ['count', 'first', 'first:channel', 'most_frequent:channel', 'sum:amount']) {
    const { kind, property } = split_measure(measure);
    expect(join_measure(kind, property)).toBe(measure);
  }
});

test('a formula is complete with an event, the property that it reads and whole conditions', () => {
  expect(is_complete(total)).toBe(true);
  expect(is_complete({ ...total, event: '' })).toBe(false);
  expect(is_complete({ ...total, measure: 'sum:' })).toBe(false);
  expect(is_complete({ ...total, where: [{ property: '', op: 'eq' }] })).toBe(false);
  expect(is_complete({ ...total, where: [{ property: 'channel', op: 'exists' }] })).toBe(true);
});

test('a definition is a formula only with a measure and no comparison', () => {
  expect(formula_of(total)).toEqual(total);
  expect(formula_of({ formula: total })).toEqual(total);
  expect(formula_of({ ...total, op: 'gte', value: 1 })).toBeNull();
  expect(formula_of({ all: [] })).toBeNull();
  expect(formula_of('text')).toBeNull();
  expect(people_of(total)).toEqual({ event: 'payment', within: '30d' });
});
