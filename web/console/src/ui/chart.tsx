// Charts for time, comparison and flow. The drawing library is loaded in chunks of its own when one
// is shown: each kind of chart brings only what it draws.

import { lazy, Suspense, useMemo, type ComponentType } from 'react';
import { useLanguage } from '@/i18n';
import { Skeleton } from './states';
import { day_and_month } from './times';

export type ChartSeries = { name: string; points: { at: string; value: number | null }[] };
export type TimeChartProps = {
  series: ChartSeries[];
  label: string;
  height?: number | string;
  on_pick?: (at: string, series: string) => void;
};

export type Drawn = {
  labels: string[];
  series: {
    name: string;
    values: (number | null)[];
    dashed?: boolean;
    dots?: boolean; // points without a line
    faint?: boolean; // behind what is drawn of it, such as its average
    colour?: number;
  }[];
  marks?: { at: number; text: string }[]; // notes on labels, by their place
  label: string; // for those who cannot see it
  height?: number | string;
  percent?: boolean; // the values are shares
};
export type LineChartProps = Drawn & { on_pick?: (at: number) => void };
export type BarChartProps = Drawn & {
  stacked?: boolean;
  lying?: boolean;
  labelled?: boolean; // each bar says its value
  on_pick?: (at: number, series: number) => void;
};
export type FlowChartProps = {
  nodes: {
    id: string;
    name: string;
    depth: number;
    count: number;
    quiet?: boolean;
    colour?: number; // of the palette; none: one for each name
  }[];
  flows: { source: string; target: string; count: number }[];
  label: string;
  height?: number | string;
  in_order?: boolean; // nodes stand as they are given, not where flows cross least
  fit?: boolean; // into the width that there is, and scrolling only where that is too little
  on_pick?: (picked: { node: string } | { source: string; target: string }) => void;
};

function lazily<P extends { height?: number | string }>(
  load: () => Promise<{ default: ComponentType<P> }>,
) {
  const Chart = lazy(load) as unknown as ComponentType<P>;
  return function Waiting(props: P) {
    return (
      <Suspense fallback={<Skeleton height={props.height ?? 220} />}>
        <Chart {...props} />
      </Suspense>
    );
  };
}

export const LineChart = lazily<LineChartProps>(() => import('./charts/lines'));
export const BarChart = lazily<BarChartProps>(() => import('./charts/bars'));
export const FlowChart = lazily<FlowChartProps>(() => import('./charts/flow'));

export function TimeChart({ series, label, height, on_pick }: TimeChartProps) {
  const { language } = useLanguage();
  const drawn = useMemo(
    () => ({
      labels: (series[0]?.points ?? []).map((point) => day_and_month(point.at, language)),
      series: series.map((one) => ({
        name: one.name,
        values: one.points.map((point) => point.value),
      })),
    }),
    [series, language],
  );
  const pick = (at: number) => {
    const point = series[0]?.points[at];
    if (point) on_pick?.(point.at, series[0]!.name);
  };
  return (
    <LineChart {...drawn} label={label} height={height} on_pick={on_pick ? pick : undefined} />
  );
}
