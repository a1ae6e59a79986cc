import type { MetricAsked } from '@/api/question_types';

// A rolling period such as "30d" begins at this time of day, so its first day, week or month was not
// asked whole; and today is not over. Either would show a fall that never was.
export function whole_units<S extends { points: { at: string }[] }>(
  metric: Pick<MetricAsked, 'within' | 'per'>,
  series: S[],
  today: string,
): S[] {
  const is_rolling = /^\d+[mhdw]$/.test(metric.within ?? '');
  if (!is_rolling || metric.per === 'total') return series;
  return series.map((one) => {
    const is_today = metric.per === 'day' && one.points.at(-1)?.at.slice(0, 10) === today;
    const whole = one.points.slice(1, is_today ? -1 : undefined);
    return whole.length > 1 ? { ...one, points: whole } : one;
  });
}
