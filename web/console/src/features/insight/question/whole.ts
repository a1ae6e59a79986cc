import type { MetricAnswered, MetricAsked } from '@/api/question_types';
import { day_now } from '@/ui/times';
import { whole_units } from '../components/periods';

// The answer with whole units alone; the period before keeps as many.
export function whole_answer(ask: MetricAsked, answer: MetricAnswered): MetricAnswered {
  const series = whole_units(ask, answer.series, day_now());
  const count = series[0]?.points.length ?? 0;
  const { previous } = answer;
  if (!previous || count === answer.series[0]?.points.length) return { ...answer, series };
  const earlier = previous.series.map((one) => ({
    ...one,
    points: one.points.slice(1, 1 + count),
  }));
  return { ...answer, series, previous: { series: earlier } };
}
