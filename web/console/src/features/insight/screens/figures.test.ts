import { expect, test } from 'vitest';
import type { EntryRow, FunctionEffort, ScreenDepth } from '@/api/types';
import {
  by_depth,
  by_efficiency,
  by_taps,
  by_use,
  rates_of,
  spots_of,
  spread_text,
  version_before,
} from './figures';

const side = (clicks: number, share: number, x: number | null = 0.5) => ({
  ...{ clicks, people: clicks, share },
  ...{ x, y: x },
});

test('the most clicked element of both sides is the hottest and largest', () => {
  const elements = [
    { element: 'a', label: 'A', now: side(10, 0.25), before: side(80, 0.8) },
    { element: 'b', label: null, now: side(30, 0.75), before: side(20, 0.2) },
  ];
  const [a, b] = spots_of(elements, 'now');
  expect(a).toMatchObject({ element: 'a', clicks: 10, heat: 0.3125 });
  expect(b!.heat).toBeCloseTo(0.9375);
  expect(spots_of(elements, 'before')[0]).toMatchObject({ heat: 1, size: 1 });
});

test('what was not clicked, or carries no place, is not drawn', () => {
  const elements = [
    { element: 'a', label: null, now: side(0, 0) },
    { element: 'b', label: null, now: side(5, 1, null) },
  ];
  expect(spots_of(elements, 'now')).toEqual([]);
  expect(spots_of(elements, 'before')).toEqual([]);
});

test('a spread shows its quartiles where they differ', () => {
  expect(spread_text({ count: 9, low: 2, median: 3, high: 5 })).toBe('3 (2–5)');
  expect(spread_text({ count: 9, low: 3, median: 3, high: 3 })).toBe('3');
  expect(spread_text({ count: 0, low: null, median: null, high: null })).toBeNull();
});

test('rates compare a step with the one before, and the last with the first', () => {
  expect(rates_of([200, 50, 0, 0])).toEqual({ of_before: [null, 0.25, 0, null], whole: 0 });
});

test('a version is compared with the one that appeared before it', () => {
  const versions = [{ version: '7.2.1' }, { version: '7.2.0' }];
  expect(version_before(versions, '7.2.1')).toBe('7.2.0');
  expect(version_before(versions, '7.2.0')).toBe('');
});

test('the entry that brings most of its viewers to the end comes first', () => {
  const row = (entry: string, steps: number[]): EntryRow => ({
    ...{ entry, name: null, steps, least: false },
  });
  const rows = [row('busy', [900, 90, 20, 9]), row('good', [100, 50, 20, 10]), row('nobody', [0, 0, 0, 0])];
  rows.push(row('busier', [1800, 100, 30, 18]));
  expect(by_efficiency(rows).map((one) => one.entry)).toEqual(['good', 'busier', 'busy', 'nobody']);
});

test('functions are ranked by their taps, and by who uses them', () => {
  const row = (id: string, people: number, median: number | null) =>
    ({ product: { id }, now: { people, taps: { median } } }) as FunctionEffort;
  const rows = [row('a', 50, 3), row('b', 2, null), row('c', 9, 7)];
  expect(by_taps(rows).map((one) => one.product.id)).toEqual(['c', 'a']);
  expect(by_use(rows).map((one) => one.product.id)).toEqual(['b', 'c', 'a']);
});

test('screens are ranked by the share of their visits that came to them deep', () => {
  const row = (screen: string, visits: number, deep_visits: number) =>
    ({ screen, now: { visits, deep_visits } }) as ScreenDepth;
  const rows = [row('a', 100, 10), row('b', 10, 5), row('c', 0, 0), row('d', 40, 20)];
  expect(by_depth(rows).map((one) => one.screen)).toEqual(['d', 'b', 'a']);
});
