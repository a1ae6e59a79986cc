import type { MetricQuestion, MetricSeries } from '@/api/types';

// A rolling period such as "30d" begins at this time of day, so its first day, week or month was not
// asked whole and would show a fall that never was.
export function whole_units(metric: MetricQuestion, series: MetricSeries[]): MetricSeries[] {
  const is_rolling = /^\d+[mhdw]$/.test(metric.within ?? '');
  if (!is_rolling || metric.per === 'total') return series;
  return series.map((one) =>
    one.points.length > 2 ? { ...one, points: one.points.slice(1) } : one,
  );
}
