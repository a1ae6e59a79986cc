// One tile: its question asked, and its answer as a number, line, bars or a table.

import { useMemo } from 'react';
import type { MetricAnswer, MetricSeries, Tile } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { TimeChart, type ChartSeries } from '@/ui/chart';
import { exact_number, short_number } from '@/ui/numbers';
import { Bars, Change, Num } from '@/ui/show';
import { date_only, day_now, month_only } from '@/ui/times';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { useNotes } from '../annotations/marks';
import { useMetric } from '../api/metric';
import { whole_units } from './periods';

export type PickPoint = (at: string | undefined, group: MetricSeries['group']) => void;

export function TileView({ tile, pick }: { tile: Tile; pick: PickPoint }) {
  const t = useT();
  const answer = useMetric(tile.question.metric);
  if (answer.error && !answer.data) {
    return <Failure error={answer.error} inline />;
  }
  if (!answer.data) return <Skeleton height={tile.chart === 'number' ? 36 : '80%'} />;
  if (answer.data.series.length === 0) return <Empty title={t('board.no_data')} />;
  return <Answer tile={tile} answer={answer.data} pick={pick} />;
}

function useGroupName(): (series: MetricSeries) => string {
  const t = useT();
  return (series) =>
    series.group.length === 0
      ? t('board.everyone')
      : series.group.map((part) => part ?? t('board.no_value')).join(' · ');
}

const total = (series: MetricSeries) =>
  series.points.reduce((sum, point) => sum + (point.value ?? 0), 0);

function Answer({ tile, answer, pick }: { tile: Tile; answer: MetricAnswer; pick: PickPoint }) {
  const { language } = useLanguage();
  const group_name = useGroupName();
  const series = whole_units(tile.question.metric, answer.series, day_now());
  if (tile.chart === 'number') {
    const value = series[0]!.points.at(-1)?.value ?? null;
    return (
      <button
        type="button"
        className="plain-button"
        onClick={() => pick(undefined, series[0]!.group)}
        title={value === null ? undefined : exact_number(value, language)}
      >
        <span className="big-number">
          <Num value={value} />
        </span>
        <Against value={value} answer={answer} />
      </button>
    );
  }
  if (tile.chart === 'line') {
    return (
      <Lines
        label={(language === 'zh' ? tile.title_zh : tile.title) || tile.title}
        series={series.slice(0, 8).map((one) => ({ name: group_name(one), points: one.points }))}
        on_pick={(at) => pick(at, series[0]!.group)}
      />
    );
  }
  if (tile.chart === 'bar' && series.length === 1 && series[0]!.points.length > 1) {
    return <PeriodBars tile={tile} series={series[0]!} pick={pick} />;
  }
  const rows = [...series].sort((a, b) => total(b) - total(a)).slice(0, 12);
  if (tile.chart === 'bar') {
    return (
      <Bars
        rows={rows.map((one, i) => ({
          key: String(i),
          label: group_name(one),
          value: total(one),
          tail: <OpenButton value={total(one)} open={() => pick(undefined, one.group)} />,
        }))}
      />
    );
  }
  return rows.map((one, i) => (
    <div key={i} className="group-row">
      <span className="clip">{group_name(one)}</span>
      <OpenButton value={total(one)} open={() => pick(undefined, one.group)} />
    </div>
  ));
}

function Lines(props: { label: string; series: ChartSeries[]; on_pick: (at: string) => void }) {
  const { series } = props;
  const units = useMemo(() => (series[0]?.points ?? []).map((point) => point.at), [series]);
  const { marks } = useNotes(units);
  return <TimeChart height="100%" marks={marks} {...props} />;
}

function Against({ value, answer }: { value: number | null; answer: MetricAnswer }) {
  const t = useT();
  const { language } = useLanguage();
  const before = answer.previous?.series[0]?.points.at(-1)?.value;
  if (value === null || before === null || before === undefined) return null;
  return (
    <span className="small row">
      <Change value={value} previous={before} />
      <span className="soft" title={exact_number(before, language)}>
        {t('today.against', { previous: short_number(before, language) })}
      </span>
    </span>
  );
}

// One bar for each day, week or month, the newest first: people of two months may be the same, so
// their counts are never added.
function PeriodBars({ tile, series, pick }: { tile: Tile; series: MetricSeries; pick: PickPoint }) {
  const { language } = useLanguage();
  const name_of = tile.question.metric.per === 'month' ? month_only : date_only;
  return (
    <Bars
      rows={series.points
        .slice(-most_periods)
        .reverse()
        .map(({ at, value }) => ({
          key: at,
          label: name_of(at, language),
          value: value ?? 0,
          tail: <OpenButton value={value ?? 0} open={() => pick(at, series.group)} />,
        }))}
    />
  );
}

const most_periods = 12;

function OpenButton(props: { value: number; open: () => void }) {
  return (
    <button type="button" className="link-button num" onClick={props.open}>
      <Num value={props.value} />
    </button>
  );
}
