// A number over time: by group, or against the period before.

import { useMemo } from 'react';
import type { MetricAnswered } from '@/api/question_types';
import { useT } from '@/i18n';
import { BarChart, LineChart } from '@/ui/chart';
import { Change, Num } from '@/ui/show';
import { date_only, day_and_month } from '@/ui/times';
import { whole_answer } from '../question/whole';
import type { DraftOf } from '../question/draft';
import { group_text, metric_total } from '../question/headline';
import { measure_text } from '../question/sentence';
import { FiguresTable, OpenNumber } from './figures_table';
import { useTools } from './tools';

type Props = { draft: DraftOf<'metric'>; answer: MetricAnswered };

const most_series = 8;

export function MetricAnswerView({ draft, answer: given }: Props) {
  const answer = useMemo(() => whole_answer(draft.ask, given), [draft.ask, given]);
  const { small } = useTools();
  const total = metric_total(answer);
  const in_total = draft.ask.per === 'total';
  return (
    <div className="stack">
      {in_total && answer.series.length === 1 && (
        <p className="row">
          <span className="big-number">
            <Num value={total} />
          </span>
          {answer.previous && (
            <Change
              value={total ?? 0}
              previous={answer.previous.series[0]?.points[0]?.value ?? 0}
            />
          )}
        </p>
      )}
      {in_total && answer.series.length > 1 && <Totals draft={draft} answer={answer} />}
      {!in_total && <OverTime draft={draft} answer={answer} />}
      {!small && <Table draft={draft} answer={answer} />}
    </div>
  );
}

function OverTime({ draft, answer }: Props) {
  const t = useT();
  const { words, small, open_people } = useTools();
  const { ask } = draft;
  const drawn = useMemo(() => {
    const first = answer.series[0]?.points ?? [];
    const before = answer.series.length === 1 ? answer.previous?.series[0] : undefined;
    const named = answer.series.slice(0, most_series).map((one) => ({
      name: before ? t('question.now') : group_text(one.group, ask.by ?? [], words),
      values: one.points.map((point) => point.value),
    }));
    const earlier = before && {
      name: t('question.previous'),
      values: before.points.map((point) => point.value),
      dashed: true,
      colour: 1,
    };
    return {
      labels: first.map((point) => day_and_month(point.at, words.language)),
      series: earlier ? [...named, earlier] : named,
    };
  }, [answer, ask, words, t]);
  const pick = (at: number) => {
    const series = answer.series[0];
    const point = series?.points[at];
    if (point)
      open_people({ at: point.at, group: series.group }, date_only(point.at, words.language));
  };
  return (
    <LineChart
      {...drawn}
      label={measure_text(ask.measure, ask.event, words)}
      height={small ? '100%' : 320}
      on_pick={pick}
    />
  );
}

function Totals({ draft, answer }: Props) {
  const { words, small, open_people } = useTools();
  const { ask } = draft;
  const rows = useMemo(
    () =>
      [...answer.series]
        .sort((a, b) => (b.points[0]?.value ?? 0) - (a.points[0]?.value ?? 0))
        .slice(0, 20),
    [answer],
  );
  const drawn = useMemo(
    () => ({
      labels: rows.map((one) => group_text(one.group, ask.by ?? [], words)),
      series: [
        {
          name: measure_text(ask.measure, ask.event, words),
          values: rows.map((one) => one.points[0]?.value ?? 0),
        },
      ],
    }),
    [rows, ask, words],
  );
  return (
    <BarChart
      {...drawn}
      label={drawn.series[0]!.name}
      height={small ? '100%' : Math.max(160, rows.length * 30 + 40)}
      lying
      labelled
      on_pick={(at) => open_people({ group: rows[at]!.group }, drawn.labels[at]!)}
    />
  );
}

function Table({ draft, answer }: Props) {
  const t = useT();
  const { words, open_people } = useTools();
  const { ask } = draft;
  const shown = answer.series.slice(0, most_series);
  const names = shown.map((one) => group_text(one.group, ask.by ?? [], words));
  const points = shown[0]?.points ?? [];
  const rows = points.map((point, i) => {
    const day = date_only(point.at, words.language);
    return {
      key: point.at,
      cells: [
        day,
        ...shown.map((one, k) => {
          const value = one.points[i]?.value ?? 0;
          return (
            <OpenNumber
              key={k}
              value={value}
              label={`${day} ${names[k]}: ${value}`}
              open={() => open_people({ at: point.at, group: one.group }, `${day} · ${names[k]}`)}
            />
          );
        }),
      ],
    };
  });
  return (
    <FiguresTable
      label={measure_text(ask.measure, ask.event, words)}
      head={[t('question.time'), ...names]}
      rows={rows}
    />
  );
}
