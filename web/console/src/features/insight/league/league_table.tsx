// The units of a league with their ranks, figures and targets; counts open to the people behind them.

import { Button } from 'antd';
import type { LeagueAnswer, LeagueMeasure, LeaguePart, LeagueRow } from '@/api/types';
import { useT, type Translate } from '@/i18n';
import { Act } from '@/ui/act';
import { Num } from '@/ui/show';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { Figure, Moved } from './figure';
import { figure } from './measures';
import './league.css';

export type OpenPeople = (row: LeagueRow | null, part: LeaguePart) => void;

type Props = {
  answer: LeagueAnswer | undefined;
  error: unknown;
  retry: () => void;
  measure: LeagueMeasure;
  shown: LeagueMeasure[];
  open_people: OpenPeople;
  open_unit: ((row: LeagueRow) => void) | null;
  set_target: ((row: LeagueRow) => void) | null;
};

const parts: Partial<Record<LeagueMeasure, LeaguePart>> = {
  customers: 'customers',
  active: 'active',
  transacting: 'transacting',
  effective: 'effective',
};

export function LeagueTable(props: Props) {
  const t = useT();
  return (
    <div className="league-table">
      <DataTable
        columns={columns_of(props, t)}
        rows={props.answer?.rows}
        error={props.error}
        retry={props.retry}
        label={t('league.title')}
        row_key={(row) => row.org}
        empty={<Empty title={t('league.empty')} text={t('league.empty_text')} />}
      />
    </div>
  );
}

function columns_of(props: Props, t: Translate): Column<LeagueRow>[] {
  const { measure, shown } = props;
  const rest = shown.filter((one) => one !== measure);
  return [
    { key: 'rank', title: t('league.rank'), cell: (row) => <Rank row={row} />, width: 84 },
    { key: 'unit', title: t('league.unit'), lead: true, cell: (row) => unit_cell(row, props) },
    {
      key: 'main',
      title: t(`league.measure.${measure}`),
      end: true,
      cell: (row) => <Main row={row} {...props} />,
    },
    {
      key: 'target',
      title: t('league.target'),
      end: true,
      cell: (row) => <Target row={row} measure={measure} set_target={props.set_target} />,
    },
    ...rest.map((one) => ({
      key: one,
      title: t(`league.measure.${one}`),
      end: true,
      cell: (row: LeagueRow) => <Opening row={row} measure={one} open_people={props.open_people} />,
    })),
  ];
}

function unit_cell(row: LeagueRow, { open_unit }: Props) {
  if (!open_unit || row.kind === 'manager') return <span className="title-cell">{row.name}</span>;
  return (
    <button type="button" className="link-button title-cell" onClick={() => open_unit(row)}>
      {row.name}
    </button>
  );
}

function Rank({ row }: { row: LeagueRow }) {
  const t = useT();
  if (row.rank === null) return <span className="faint">–</span>;
  const moved = row.previous_rank === null ? 0 : row.previous_rank - row.rank;
  const tone = moved > 0 ? 'good' : moved < 0 ? 'bad' : 'faint';
  const said = t(moved > 0 ? 'league.risen' : moved < 0 ? 'league.fallen' : 'league.same_rank', {
    places: Math.abs(moved),
  });
  return (
    <span className="league-rank">
      <b className="num">{row.rank}</b>
      <span className={`num small ${tone}`} title={said}>
        <span aria-hidden>{moved === 0 ? '–' : `${moved > 0 ? '▲' : '▼'}${Math.abs(moved)}`}</span>
        <span className="visually-hidden">{said}</span>
      </span>
    </span>
  );
}

function Main({ row, measure, answer, open_people }: { row: LeagueRow } & Props) {
  const now = figure(row.now, measure);
  const before = figure(row.before, measure);
  const top = Math.max(...(answer?.rows ?? []).map((one) => figure(one.now, measure) ?? 0), 1e-9);
  return (
    <span className="league-main">
      <span className="league-bar" aria-hidden>
        <span style={{ width: `${((now ?? 0) / top) * 100}%` }} />
      </span>
      <b>
        <Opening row={row} measure={measure} open_people={open_people} />
      </b>
      <Moved measure={measure} value={now} previous={before} />
    </span>
  );
}

function Opening(props: { row: LeagueRow; measure: LeagueMeasure; open_people: OpenPeople }) {
  const t = useT();
  const { row, measure } = props;
  const value = figure(row.now, measure);
  const part = parts[measure];
  if (!part || value === null || value === 0) return <Figure measure={measure} value={value} />;
  return (
    <button
      type="button"
      className="link-button"
      aria-label={t('league.open_people', { unit: row.name, what: t(`league.measure.${measure}`) })}
      onClick={() => props.open_people(row, part)}
    >
      <Num value={value} />
    </button>
  );
}

function Target(props: { row: LeagueRow } & Pick<Props, 'measure' | 'set_target'>) {
  const t = useT();
  const { row, measure, set_target } = props;
  if (!set_target) return <Reached row={row} measure={measure} />;
  if (!row.target)
    return (
      <Act
        may="edit_boards"
        size="small"
        type="link"
        aria-label={t('league.set_target_of', { unit: row.name })}
        onClick={() => set_target(row)}
      >
        {t('league.set_target')}
      </Act>
    );
  return (
    <Button
      size="small"
      type="text"
      className="league-target"
      title={t('league.target_by', { who: row.target.set_by_name })}
      aria-label={t('league.set_target_of', { unit: row.name })}
      onClick={() => set_target(row)}
    >
      <Reached row={row} measure={measure} />
    </Button>
  );
}

function Reached({ row, measure }: { row: LeagueRow; measure: LeagueMeasure }) {
  if (!row.target) return <span className="faint">–</span>;
  const reached = (figure(row.now, measure) ?? 0) / (row.target.value || 1);
  return (
    <>
      <span className={reached >= 1 ? 'good' : reached >= 0.8 ? 'warn' : 'bad'}>
        <Figure measure="conversion" value={reached} />
      </span>
      <span className="soft small">
        {' / '}
        <Figure measure={measure} value={row.target.value} />
      </span>
    </>
  );
}
