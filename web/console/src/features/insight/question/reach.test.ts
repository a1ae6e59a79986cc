import { expect, test } from 'vitest';
import type { Rule } from '@/rule/types';
import type { Draft, DraftOf } from './draft';
import { blank_draft } from './examples';
import { reach_of, reaches_back } from './reach';

const metric = blank_draft('metric') as DraftOf<'metric'>;
const asked = (part: Partial<DraftOf<'metric'>['ask']>): Draft => ({
  ...metric,
  ask: { ...metric.ask, ...part },
});

test('who is new depends on all behaviour before', () => {
  expect(reach_of(blank_draft('retention'))).toBe('firsts');
  expect(reach_of(blank_draft('lifecycle'))).toBe('firsts');
  expect(reach_of(asked({ event: '$new_customer' }))).toBe('firsts');
  const parts = [
    { event: 'pay', measure: 'count' },
    { event: '$new_customer', measure: 'unique' },
  ];
  expect(reach_of(asked({ event: undefined, parts, formula: 'A / B' }))).toBe('firsts');
  const retention = blank_draft('retention') as DraftOf<'retention'>;
  const ask = { ...retention.ask, first: { event: 'pay' } };
  expect(reach_of({ ...retention, ask })).toBeNull();
  expect(reach_of({ ...retention, ask: { ...ask, first_ever: true } })).toBe('firsts');
});

test('a question of its period alone depends on nothing before', () => {
  expect(reach_of(metric)).toBeNull();
  expect(reach_of(blank_draft('funnel'))).toBeNull();
  expect(reach_of(asked({ by: ['tag:level'], compare: 'year' }))).toBeNull();
});

test('audiences may ask for behaviour without a period', () => {
  expect(reach_of(asked({ by: { audiences: ['aud_1'] } }))).toBe('conditions');
  expect(reach_of(asked({ audience: { event: 'pay' } }))).toBe('conditions');
  expect(reach_of(asked({ audience: { event: 'pay', within: '30d' } }))).toBeNull();
});

test('conditions without a period are found wherever they stand', () => {
  const pay: Rule = { event: 'pay', op: 'gte', value: 1 };
  const level: Rule = { tag: 'level', op: 'eq', value: 'gold' };
  expect(reaches_back({ all: [level, { any: [{ not: pay }] }] })).toBe(true);
  expect(reaches_back({ all: [level, { org: '33' }, { ...pay, to: '2026-10-01' }] })).toBe(false);
  expect(reaches_back({ sequence: [{ event: 'pay' }, { event: 'done' }], window: '1h' })).toBe(true);
  expect(reaches_back({ audience: 'aud_1' })).toBe(true);
});
