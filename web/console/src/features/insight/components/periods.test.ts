import { expect, test } from 'vitest';
import type { MetricQuestion } from '@/api/types';
import { whole_units } from './periods';

const daily: MetricQuestion = { event: 'pay', measure: 'count', per: 'day', within: '30d' };
const series = [{ group: [], points: [1, 2, 3].map((value) => ({ at: `2026-10-0${value}`, value })) }];
const shown = (metric: MetricQuestion) => whole_units(metric, series)[0]!.points.length;

test('the first day of a rolling period is left out: only a part of it was asked', () => {
  expect(shown(daily)).toBe(2);
});

test('calendar periods, dates and totals keep all they have', () => {
  expect(shown({ ...daily, within: 'this_month' })).toBe(3);
  expect(shown({ ...daily, within: undefined, from: '2026-10-01', to: '2026-10-04' })).toBe(3);
  expect(shown({ ...daily, per: 'total' })).toBe(3);
});
