import { expect, test } from 'vitest';
import type { MetricAsked } from '@/api/question_types';
import { whole_units } from './periods';

const daily: MetricAsked = { event: 'pay', measure: 'count', per: 'day', within: '30d' };
const series = [{ group: [], points: [1, 2, 3].map((value) => ({ at: `2026-10-0${value}`, value })) }];
const shown = (metric: MetricAsked, today = '2026-10-09') => whole_units(metric, series, today)[0]!.points.length;

test('the first day of a rolling period is left out: only a part of it was asked', () => {
  expect(shown(daily)).toBe(2);
});

test('a day that is not over is left out, unless too little would remain', () => {
  const longer = [...series[0]!.points, { at: '2026-10-04', value: 0 }];
  const left = whole_units(daily, [{ group: [], points: longer }], '2026-10-04')[0]!.points;
  expect(left.map((point) => point.value)).toEqual([2, 3]);
  expect(shown(daily, '2026-10-03')).toBe(3);
});

test('calendar periods, dates and totals keep all they have', () => {
  expect(shown({ ...daily, within: 'this_month' })).toBe(3);
  expect(shown({ ...daily, within: undefined, from: '2026-10-01', to: '2026-10-04' })).toBe(3);
  expect(shown({ ...daily, per: 'total' })).toBe(3);
});
