import { expect, test } from 'vitest';
import type { AcquisitionAnswer } from '@/api/types';
import { chain_of, cheapest } from './figures';

const counts = (people: number[], spending: number) => ({
  people,
  spending,
  contact_cost: 0,
  cost_per: people.map((one) => (one ? spending / one : null)),
});

test('those who stop at a step and those who go on are those who came to it', () => {
  const chain = chain_of(counts([10, 6, 4, 1, 0], 40));
  expect(chain.map((one) => one.stopped)).toEqual([4, 2, 3, 1, 0]);
  for (const [i, one] of chain.entries())
    expect(one.count).toBe(one.stopped + (chain[i + 1]?.count ?? one.count - one.stopped));
  expect(chain.map((one) => one.of_before)).toEqual([null, 0.6, 4 / 6, 0.25, 0]);
  expect(chain[2]!.cost).toBe(10);
});

test('a chain without visitors has no shares', () => {
  expect(chain_of(counts([0, 0, 0, 0, 0], 5)).map((one) => [one.share, one.of_before])).toEqual(
    Array(5).fill([0, null]),
  );
});

test('only origins that were paid for compete for the cheapest customer', () => {
  const row = (origin: string | null, people: number[], spending: number) => ({
    group: [origin],
    ...counts(people, spending),
  });
  const answer = (...origins: ReturnType<typeof row>[]) => ({ origins }) as AcquisitionAnswer;
  const ad = row('ad', [9, 9, 3, 1, 0], 30);
  const metro = row('metro', [9, 9, 6, 1, 0], 30);
  expect(cheapest(answer(ad, metro, row('free', [9, 9, 9, 9, 9], 0)), 'customer')).toBe(metro);
  expect(cheapest(answer(ad, row('none', [9, 0, 0, 0, 0], 9)), 'customer')).toBeNull();
});
