import { expect, test } from 'vitest';
import { recent_units } from './units';

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
