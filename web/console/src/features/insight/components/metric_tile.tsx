// A metric in a tile as a board wants it: a number, a line, bars or a table.

import type { AskedSeries, MetricAnswered, PeopleSelector } from '@/api/question_types';
import type { TileChart } from '@/api/types';
import { useT } from '@/i18n';
import { TimeChart } from '@/ui/chart';
import { exact_number, short_number } from '@/ui/numbers';
import { Bars, Change, Num } from '@/ui/show';
import { date_only, day_now, month_only } from '@/ui/times';
import { useTools } from '../answers/tools';
import type { DraftOf } from '../question/draft';
import { group_text } from '../question/headline';
import { whole_units } from './periods';

const most_lines = 8;
const most_rows = 12;

type Props = { draft: DraftOf<'metric'>; chart: TileChart; title: string; answer: MetricAnswered };

const total = (series: AskedSeries) =>
  series.points.reduce((sum, point) => sum + (point.value ?? 0), 0);

export function MetricTile({ draft, chart, title, answer }: Props) {
  const t = useT();
  const { words, open_people } = useTools();
  const { ask } = draft;
  const series = whole_units(ask, answer.series, day_now());
  const first = series[0]!;
  const name_of = (one: AskedSeries) =>
    one.group.length ? group_text(one.group, ask.by ?? [], words) : t('board.everyone');
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
        <Against value={value} answer={answer} />
      </button>
    );
  }
  if (chart === 'line')
    return (
      <TimeChart
        height="100%"
        label={title}
        series={series
          .slice(0, most_lines)
          .map((one) => ({ name: name_of(one), points: one.points }))}
        on_pick={(at) => pick({ at, group: first.group })}
      />
    );
  if (chart === 'bar' && series.length === 1 && first.points.length > 1)
    return <PeriodBars per={ask.per} series={first} pick={pick} />;
  const rows = [...series].sort((a, b) => total(b) - total(a)).slice(0, most_rows);
  const open = (one: AskedSeries) => (
    <OpenButton value={total(one)} open={() => pick({ group: one.group })} />
  );
  if (chart === 'bar')
    return (
      <Bars
        rows={rows.map((one, i) => ({
          key: String(i),
          label: name_of(one),
          value: total(one),
          tail: open(one),
        }))}
      />
    );
  return rows.map((one, i) => (
    <div key={i} className="group-row">
      <span className="clip">{name_of(one)}</span>
      {open(one)}
    </div>
  ));
}

function Against({ value, answer }: { value: number | null; answer: MetricAnswered }) {
  const t = useT();
  const { language } = useTools().words;
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
