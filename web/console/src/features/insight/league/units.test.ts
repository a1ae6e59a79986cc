import { expect, test } from 'vitest';
import { recent_units, units_offered } from './units';

test('months and weeks begin where the calendar says, the running one first', () => {
  expect(recent_units('month', '2026-01-31').slice(0, 3)).toEqual([
    '2026-01-01',
    '2025-12-01',
    '2025-11-01',
  ]);
  // A Sunday belongs to the week that began on Monday.
  expect(recent_units('week', '2026-11-29').slice(0, 2)).toEqual(['2026-11-23', '2026-11-16']);
  expect(recent_units('day', '2026-03-01').slice(0, 2)).toEqual(['2026-03-01', '2026-02-28']);
});

test('a link keeps its unit when it has grown old, and nothing that is none', () => {
  expect(units_offered('month', '2020-03-01').at(-1)).toBe('2020-03-01');
  for (const none of [null, 'march', '2020-03-02', '2100-01-01', recent_units('month')[0]!])
    expect(units_offered('month', none)).toEqual(recent_units('month'));
});
