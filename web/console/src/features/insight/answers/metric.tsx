// A number over time: by group, with its moving average, or against an earlier period.

import { useMemo } from 'react';
import type { AskedRow, AskedSeries, MetricAnswered, MetricAsked } from '@/api/question_types';
import { useT } from '@/i18n';
import { BarChart, LineChart, type Drawn } from '@/ui/chart';
import { Change, Num } from '@/ui/show';
import { date_only, day_and_month } from '@/ui/times';
import { DayNotes } from '../annotations/day_notes';
import { useNotes } from '../annotations/marks';
import { whole_answer } from '../question/whole';
import { is_split, split_audiences, type DraftOf } from '../question/draft';
import { capital, group_text, metric_total } from '../question/headline';
import { comparison_of, metric_text, type Words } from '../question/sentence';
import { FiguresTable, OpenNumber } from './figures_table';
import { useTools } from './tools';

type Props = { draft: DraftOf<'metric'>; answer: MetricAnswered };

const most_series = 8;

// All of a split by audiences, which are few and have their order; the largest of others.
const shown_of = (ask: MetricAsked, answer: MetricAnswered): AskedSeries[] =>
  split_audiences(ask.by) ? answer.series : answer.series.slice(0, most_series);

export function MetricAnswerView({ draft, answer: given }: Props) {
  const t = useT();
  const answer = useMemo(() => whole_answer(draft.ask, given), [draft.ask, given]);
  const { small } = useTools();
  const total = metric_total(answer);
  const in_total = draft.ask.per === 'total';
  const before = answer.previous?.series[0]?.points[0]?.value;
  return (
    <div className="stack">
      {in_total && answer.series.length === 1 && (
        <p className="row">
          <span className="big-number">
            <Num value={total} />
          </span>
          {answer.previous && <Change value={total ?? 0} previous={before ?? 0} />}
        </p>
      )}
      {in_total && answer.series.length > 1 && <Totals draft={draft} answer={answer} />}
      {!in_total && <OverTime draft={draft} answer={answer} />}
      {!small && split_audiences(draft.ask.by) && (
        <p className="soft small">{t('question.in_several')}</p>
      )}
      {!small && <Table draft={draft} answer={answer} />}
    </div>
  );
}

const values_of = (row: AskedRow) => row.points.map((point) => point.value);
const averages_of = (row: AskedRow) => row.points.map((point) => point.average ?? null);

// One group shows its numbers, their average and the period before; several show one line each,
// the averages where they are asked for.
function lines_of(ask: MetricAsked, answer: MetricAnswered, words: Words): Drawn['series'] {
  const { t } = words;
  const average = t('question.average', { count: ask.average ?? 0 });
  const [only, ...others] = answer.series;
  if (only && others.length === 0) {
    const before = answer.previous?.series[0];
    const own = is_split(ask.by) ? group_text(only.group, ask.by!, words) : t('question.now');
    return [
      { name: own, values: values_of(only), faint: Boolean(ask.average) },
      ...(ask.average ? [{ name: average, values: averages_of(only), colour: 0 }] : []),
      ...(before
        ? [
            {
              name: capital(t(`question.before.${comparison_of(ask)}`)),
              values: values_of(before),
              dashed: true,
              colour: 1,
            },
          ]
        : []),
      ...rest_of(ask, answer, words),
    ];
  }
  const line = ask.average ? averages_of : values_of;
  return [
    ...shown_of(ask, answer).map((one) => ({
      name: group_text(one.group, ask.by ?? [], words),
      values: line(one),
    })),
    ...rest_of(ask, answer, words),
  ];
}

// The groups beyond the largest, as one line.
function rest_of(ask: MetricAsked, { rest }: MetricAnswered, { t }: Words): Drawn['series'] {
  if (!rest) return [];
  const values = ask.average ? averages_of(rest) : values_of(rest);
  return [{ name: t('question.rest'), values, dashed: true, colour: 7 }];
}

export function OverTime({ draft, answer }: Props) {
  const { words, small, open_people } = useTools();
  const { ask } = draft;
  const drawn = useMemo(
    () => ({
      labels: (answer.series[0]?.points ?? []).map((point) =>
        day_and_month(point.at, words.language),
      ),
      series: lines_of(ask, answer, words),
    }),
    [answer, ask, words],
  );
  const pick = (at: number) => {
    const series = answer.series[0];
    const point = series?.points[at];
    if (point)
      open_people({ at: point.at, group: series.group }, date_only(point.at, words.language));
  };
  const units = useMemo(
    () => (answer.series[0]?.points ?? []).map((point) => point.at),
    [answer.series],
  );
  const { notes, marks } = useNotes(units);
  return (
    <>
      <LineChart
        {...drawn}
        marks={marks}
        label={metric_text(ask, words)}
        height={small ? '100%' : 320}
        on_pick={pick}
      />
      {!small && <DayNotes notes={notes} />}
    </>
  );
}

export const total_of = (row: AskedRow) => row.total ?? row.points[0]?.value ?? 0;

function Totals({ draft, answer }: Props) {
  const t = useT();
  const { words, small, open_people } = useTools();
  const { ask } = draft;
  const rows = useMemo(
    () => [...answer.series].sort((a, b) => total_of(b) - total_of(a)).slice(0, 20),
    [answer],
  );
  const drawn = useMemo(() => {
    const shown: [string, AskedRow][] = rows.map((one) => [
      group_text(one.group, ask.by ?? [], words),
      one,
    ]);
    if (answer.rest) shown.push([t('question.rest'), answer.rest]);
    return {
      labels: shown.map(([name]) => name),
      series: [{ name: metric_text(ask, words), values: shown.map(([, row]) => total_of(row)) }],
    };
  }, [rows, answer, ask, words, t]);
  return (
    <BarChart
      {...drawn}
      label={drawn.series[0]!.name}
      height={small ? '100%' : Math.max(160, drawn.labels.length * 30 + 40)}
      lying
      labelled
      on_pick={(at) =>
        rows[at] && open_people({ group: rows[at].group }, drawn.labels[at]!)
      }
    />
  );
}

// The columns of the table: the groups, whose numbers open to people, and what stands beside them.
function columns_of(ask: MetricAsked, answer: MetricAnswered, words: Words) {
  const { t } = words;
  const groups = shown_of(ask, answer).map((row) => ({
    name: group_text(row.group, ask.by ?? [], words),
    row: row as AskedRow,
    group: row.group as AskedSeries['group'] | null,
    value: (at: number) => row.points[at]?.value ?? null,
  }));
  const beside = (name: string, row: AskedRow | undefined) =>
    row ? [{ name, row, group: null, value: (at: number) => row.points[at]?.value ?? null }] : [];
  const [only, ...others] = answer.series;
  const average =
    ask.average && ask.per !== 'total' && only && others.length === 0
      ? [
          {
            name: t('question.average', { count: ask.average }),
            row: { points: [], total: null } as AskedRow,
            group: null,
            value: (at: number) => only.points[at]?.average ?? null,
          },
        ]
      : [];
  return [
    ...groups,
    ...average,
    ...beside(t('question.rest'), answer.rest),
    ...beside(t('question.all_groups'), answer.everyone),
    ...(others.length === 0
      ? beside(capital(t(`question.before.${comparison_of(ask)}`)), answer.previous?.series[0])
      : []),
  ];
}

function Table({ draft, answer }: Props) {
  const t = useT();
  const { words, open_people } = useTools();
  const { ask } = draft;
  const columns = columns_of(ask, answer, words);
  const points = answer.series[0]?.points ?? [];
  const rows = points.map((point, i) => {
    const day = date_only(point.at, words.language);
    return {
      key: point.at,
      cells: [
        day,
        ...columns.map((one, k) => {
          const { group } = one;
          const value = one.value(i);
          if (value === null || !group) return <Num key={k} value={value} />;
          return (
            <OpenNumber
              key={k}
              value={value}
              label={`${day} ${one.name}: ${value}`}
              open={() => open_people({ at: point.at, group }, `${day} · ${one.name}`)}
            />
          );
        }),
      ],
    };
  });
  const totals = {
    key: 'total',
    cells: [
      t('question.whole_period'),
      ...columns.map((one, k) => <Num key={k} value={one.row.total ?? null} />),
    ],
  };
  return (
    <FiguresTable
      label={metric_text(ask, words)}
      head={[t('question.time'), ...columns.map((one) => one.name)]}
      rows={points.length > 1 ? [...rows, totals] : rows}
    />
  );
}
