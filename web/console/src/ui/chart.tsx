// Charts for time and comparison. The drawing library is a chunk of its own, loaded when one is shown.

import { lazy, Suspense } from 'react';
import { Skeleton } from './states';

export type ChartSeries = { name: string; points: { at: string; value: number | null }[] };
export type TimeChartProps = {
  series: ChartSeries[];
  label: string;
  height?: number | string;
  on_pick?: (at: string, series: string) => void;
};

const Drawn = lazy(() => import('./chart_drawn'));

export function TimeChart(props: TimeChartProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height ?? 220} />}>
      <Drawn {...props} />
    </Suspense>
  );
}
