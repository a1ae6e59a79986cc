import type { AskedRow, MetricAnswered, MetricAsked } from '@/api/question_types';
import { day_now } from '@/ui/times';
import { whole_units } from '../components/periods';

// The answer with whole units alone; the period before keeps as many.
export function whole_answer(ask: MetricAsked, answer: MetricAnswered): MetricAnswered {
  const series = whole_units(ask, answer.series, day_now());
  const count = series[0]?.points.length ?? 0;
  const { previous } = answer;
  if (count === answer.series[0]?.points.length) return { ...answer, series };
  const cut = <R extends AskedRow>(row: R): R => ({ ...row, points: row.points.slice(1, 1 + count) });
  const cut_maybe = (row: AskedRow | undefined) => row && cut(row);
  return {
    ...answer,
    series,
    rest: cut_maybe(answer.rest),
    everyone: cut_maybe(answer.everyone),
    previous: previous && { ...previous, series: previous.series.map(cut) },
  };
}
