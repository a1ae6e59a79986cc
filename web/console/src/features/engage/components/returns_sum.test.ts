import { expect, test } from 'vitest';
import type { Returns } from '@/api/types';
import { sum_of } from './returns_sum';

const returns = (cost: number, income: number | null, gain: number | null) =>
  ({ cost, income, incremental_income: gain, gain }) as Returns;

test('campaigns that tell no income are left out of its sum, not counted as zero', () => {
  const sum = sum_of([returns(1, 10, 5), returns(2, null, null), returns(3, 4, null)]);
  expect([sum.cost, sum.income, sum.gain]).toEqual([6, 14, 5]);
  expect(sum_of([returns(1, null, null)]).income).toBeNull();
});
