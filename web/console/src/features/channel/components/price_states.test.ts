import { expect, test } from 'vitest';
import type { Price } from '@/api/types';
import { states_of } from './price_states';

const price = (id: string, channel: string, valid_from: string) =>
  ({ id, channel, valid_from, amount: 1, created_at: '', created_by: '' }) as Price;

test('the latest price that has begun holds, on its day and after it', () => {
  const prices = [
    price('a3', 'a', '2026-11-01'),
    price('a2', 'a', '2026-10-01'),
    price('a1', 'a', '2026-09-01'),
    price('b1', 'b', '2026-12-01'),
  ];
  const on = (day: string) => [...states_of(prices, day).values()];
  expect(on('2026-10-31')).toEqual(['later', 'holds', 'over', 'later']);
  expect(on('2026-11-01')).toEqual(['holds', 'over', 'over', 'later']);
});
