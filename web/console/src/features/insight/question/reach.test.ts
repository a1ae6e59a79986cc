import { expect, test } from 'vitest';
import type { Draft, DraftOf } from './draft';
import { blank_draft } from './examples';
import { reach_of } from './reach';

const metric = blank_draft('metric') as DraftOf<'metric'>;
const asked = (part: Partial<DraftOf<'metric'>['ask']>): Draft => ({
  ...metric,
  ask: { ...metric.ask, ...part },
});

test('who is new depends on all behaviour before', () => {
  expect(reach_of(blank_draft('retention'))).toEqual(['firsts']);
  expect(reach_of(blank_draft('lifecycle'))).toEqual(['firsts']);
  expect(reach_of(asked({ event: '$new_customer' }))).toEqual(['firsts']);
  const parts = [
    { event: 'pay', measure: 'count' },
    { event: '$new_customer', measure: 'unique' },
  ];
  expect(reach_of(asked({ event: undefined, parts, formula: 'A / B' }))).toEqual(['firsts']);
  const retention = blank_draft('retention') as DraftOf<'retention'>;
  const ask = { ...retention.ask, first: { event: 'pay' } };
  expect(reach_of({ ...retention, ask })).toEqual([]);
  expect(reach_of({ ...retention, ask: { ...ask, first_ever: true } })).toEqual(['firsts']);
});

test('a question of its period alone depends on nothing before', () => {
  expect(reach_of(metric)).toEqual([]);
  expect(reach_of(blank_draft('funnel'))).toEqual([]);
  expect(reach_of(asked({ by: ['tag:level'], compare: 'year' }))).toEqual([]);
});

test('audiences may ask for behaviour without a period', () => {
  expect(reach_of(asked({ by: { audiences: ['aud_1'] } }))).toEqual(['conditions']);
  expect(reach_of(asked({ audience: { event: 'pay' } }))).toEqual(['conditions']);
  expect(reach_of(asked({ audience: { event: 'pay', within: '30d' } }))).toEqual([]);
});

test('both may hold of one question', () => {
  const first = asked({ event: '$new_customer', by: { audiences: ['aud_1'] } });
  expect(reach_of(first)).toEqual(['firsts', 'conditions']);
});
