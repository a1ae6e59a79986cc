import { expect, test } from 'vitest';
import { place_of } from './marks';

test('a note stands on its day', () => {
  const days = ['2026-10-01', '2026-10-02', '2026-10-03'];
  expect(place_of('2026-10-01', days)).toBe(0);
  expect(place_of('2026-10-03', days)).toBe(2);
  expect(place_of('2026-09-30', days)).toBe(-1);
  expect(place_of('2026-10-04', days)).toBe(-1);
});

test('a note stands in the week or month that holds its day', () => {
  expect(place_of('2026-10-11', ['2026-09-28', '2026-10-05', '2026-10-12'])).toBe(1);
  expect(place_of('2026-10-18', ['2026-09-28', '2026-10-05', '2026-10-12'])).toBe(2);
  expect(place_of('2026-10-19', ['2026-09-28', '2026-10-05', '2026-10-12'])).toBe(-1);
  expect(place_of('2026-10-31', ['2026-09-01', '2026-10-01'])).toBe(-1);
  expect(place_of('2026-10-30', ['2026-09-01', '2026-10-01'])).toBe(1);
});
