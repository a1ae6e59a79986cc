// A metric in a tile as a board wants it: a number, a line, bars or a table.

import { useMemo, type ReactNode } from 'react';
import type { AskedSeries, MetricAnswered, PeopleSelector } from '@/api/question_types';
import type { TileChart } from '@/api/types';
import { useT } from '@/i18n';
import { exact_number, short_number } from '@/ui/numbers';
import { Bars, Change, Num } from '@/ui/show';
import { Empty } from '@/ui/states';
import { date_only, month_only } from '@/ui/times';
import { OverTime, total_of } from '../answers/metric';
import { useTools } from '../answers/tools';
import type { DraftOf } from '../question/draft';
import { group_text } from '../question/headline';
import { comparison_of } from '../question/sentence';
import { whole_answer } from '../question/whole';

const most_rows = 12;

type Row = { label: string; value: number; tail: ReactNode };
type Props = { draft: DraftOf<'metric'>; chart: TileChart; title: string; answer: MetricAnswered };

export function MetricTile({ draft, chart, title, answer: given }: Props) {
  const t = useT();
  const { words, open_people } = useTools();
  const { ask } = draft;
  const answer = useMemo(() => whole_answer(ask, given), [ask, given]);
  const [first] = answer.series;
  if (!first) return <Empty title={t('board.no_data')} />;
  const pick = (selector: PeopleSelector) => open_people(selector, title);
  if (chart === 'number') {
    const value = first.points.at(-1)?.value ?? null;
    return (
      <button
        type="button"
        className="plain-button"
        onClick={() => pick({ group: first.group })}
        title={value === null ? undefined : exact_number(value, words.language)}
      >
        <span className="big-number">
          <Num value={value} />
        </span>
        <Against value={value} draft={draft} answer={answer} />
      </button>
    );
  }
  if (chart === 'line') return <OverTime draft={draft} answer={answer} />;
  if (chart === 'bar' && answer.series.length === 1 && first.points.length > 1)
    return <PeriodBars per={ask.per} series={first} pick={pick} />;
  const rows: Row[] = [...answer.series]
    .sort((a, b) => total_of(b) - total_of(a))
    .slice(0, most_rows)
    .map((one) => ({
      label: one.group.length ? group_text(one.group, ask.by ?? [], words) : t('board.everyone'),
      value: total_of(one),
      tail: <OpenButton value={total_of(one)} open={() => pick({ group: one.group })} />,
    }));
  if (answer.rest) {
    const value = total_of(answer.rest);
    rows.push({ label: t('question.rest'), value, tail: <Num value={value} /> });
  }
  if (chart === 'bar') return <Bars rows={rows.map((one, i) => ({ key: String(i), ...one }))} />;
  return rows.map((one, i) => (
    <div key={i} className="group-row">
      <span className="clip">{one.label}</span>
      {one.tail}
    </div>
  ));
}

function Against(props: { value: number | null } & Pick<Props, 'draft' | 'answer'>) {
  const t = useT();
  const { language } = useTools().words;
  const { value, draft, answer } = props;
  const before = answer.previous?.series[0]?.points.at(-1)?.value;
  if (value === null || before === null || before === undefined) return null;
  return (
    <span className="small row">
      <Change value={value} previous={before} />
      <span className="soft" title={exact_number(before, language)}>
        {t(`question.before.${comparison_of(draft.ask)}`)} {short_number(before, language)}
      </span>
    </span>
  );
}

// One bar for each day, week or month, the newest first: people of two months may be the same, so
// their counts are never added.
function PeriodBars(props: {
  per: string;
  series: AskedSeries;
  pick: (selector: PeopleSelector) => void;
}) {
  const { language } = useTools().words;
  const { per, series, pick } = props;
  const name_of = per === 'month' ? month_only : date_only;
  return (
    <Bars
      rows={series.points
        .slice(-most_rows)
        .reverse()
        .map(({ at, value }) => ({
          key: at,
          label: name_of(at, language),
          value: value ?? 0,
          tail: <OpenButton value={value ?? 0} open={() => pick({ at, group: series.group })} />,
        }))}
    />
  );
}

function OpenButton(props: { value: number; open: () => void }) {
  return (
    <button type="button" className="link-button num" onClick={props.open}>
      <Num value={props.value} />
    </button>
  );
}
