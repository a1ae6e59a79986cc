import { expect, test } from 'vitest';
import { reaches_back } from './reach';
import type { Rule } from './types';

test('conditions without a period are found wherever they stand', () => {
  const pay: Rule = { event: 'pay', op: 'gte', value: 1 };
  const level: Rule = { tag: 'level', op: 'eq', value: 'gold' };
  expect(reaches_back({ all: [level, { any: [{ not: pay }] }] })).toBe(true);
  expect(reaches_back({ all: [level, { org: '33' }, { ...pay, to: '2026-10-01' }] })).toBe(false);
  expect(reaches_back({ sequence: [{ event: 'pay' }, { event: 'done' }], window: '1h' })).toBe(true);
  expect(reaches_back({ audience: 'aud_1' })).toBe(true);
});
