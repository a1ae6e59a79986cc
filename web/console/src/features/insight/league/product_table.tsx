// All products beside each other, ranked by the chosen figure.

import type { LeagueMeasure, LeaguePart, ProductResult } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { Pill } from '@/ui/show';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { Figure, Moved } from './figure';
import { figure, product_name } from './measures';
import './league.css';

type Props = {
  rows: ProductResult[] | undefined;
  error: unknown;
  retry: () => void;
  measure: LeagueMeasure;
  open: (result: ProductResult) => void;
  open_people: OpenProductPeople;
  action: React.ReactNode;
};
export type OpenProductPeople = (result: ProductResult, part: LeaguePart) => void;

// The numbers that are people.
const parts: Partial<Record<LeagueMeasure, LeaguePart>> = {
  active: 'active',
  transacting: 'transacting',
  effective: 'effective',
};

export const product_measures: LeagueMeasure[] = [
  'active',
  'stickiness',
  'transacting',
  'effective',
  'conversion',
  'value',
];

// Those that the measure says nothing of come last.
export function ranked(rows: ProductResult[], measure: LeagueMeasure) {
  const value = (row: ProductResult) => figure(row.now, measure) ?? -1;
  const sorted = [...rows].sort((a, b) => value(b) - value(a));
  return sorted.map((row) => ({
    row,
    rank: 1 + sorted.filter((other) => value(other) > value(row)).length,
  }));
}

export function ProductTable(props: Props) {
  const t = useT();
  const { language } = useLanguage();
  const rows = props.rows && ranked(props.rows, props.measure);
  type Ranked = NonNullable<typeof rows>[number];
  const columns: Column<Ranked>[] = [
    { key: 'rank', title: t('league.rank'), width: 60, cell: ({ rank }) => <b>{rank}</b> },
    {
      key: 'name',
      title: t('product.one'),
      lead: true,
      cell: ({ row }) => (
        <span className="row">
          <button
            type="button"
            className="link-button title-cell"
            onClick={() => props.open(row)}
          >
            {product_name(row.product, language)}
          </button>
          <Pill>{t(`product.kind.${row.product.kind}`)}</Pill>
        </span>
      ),
    },
    ...product_measures.map((one) => ({
      key: one,
      title: t(`league.measure.${one}`),
      end: true,
      cell: ({ row }: Ranked) => (
        <Measured
          row={row}
          measure={one}
          main={one === props.measure}
          open_people={props.open_people}
        />
      ),
    })),
    { key: 'funnel', title: t('product.funnel'), end: true, cell: ({ row }) => <Steps row={row} /> },
  ];
  return (
    <DataTable
      columns={columns}
      rows={rows}
      error={props.error}
      retry={props.retry}
      label={t('product.title')}
      row_key={({ row }) => row.product.id}
      on_open={({ row }) => props.open(row)}
      empty={
        <Empty title={t('product.empty')} text={t('product.empty_text')} action={props.action} />
      }
    />
  );
}

function Measured(props: {
  row: ProductResult;
  measure: LeagueMeasure;
  main: boolean;
  open_people: OpenProductPeople;
}) {
  const { row, measure } = props;
  const now = says(row, measure) ? figure(row.now, measure) : null;
  const before = figure(row.before, measure);
  const shown = (
    <Opening row={row} measure={measure} value={now} open_people={props.open_people} />
  );
  return (
    <span className="nowrap">
      {props.main ? <b>{shown}</b> : shown}{' '}
      {props.main && <Moved measure={measure} value={now} previous={before} />}
    </span>
  );
}

function Opening(props: {
  row: ProductResult;
  measure: LeagueMeasure;
  value: number | null;
  open_people: OpenProductPeople;
}) {
  const t = useT();
  const { language } = useLanguage();
  const { row, measure, value } = props;
  const part = parts[measure];
  if (!part || !value) return <Figure measure={measure} value={value} />;
  return (
    <button
      type="button"
      className="link-button"
      aria-label={t('league.open_people', {
        unit: product_name(row.product, language),
        what: t(`league.measure.${measure}`),
      })}
      onClick={() => props.open_people(row, part)}
    >
      <Figure measure={measure} value={value} />
    </button>
  );
}

function says({ product }: ProductResult, measure: LeagueMeasure): boolean {
  if (measure === 'value') return Boolean(product.value);
  return measure === 'active' || measure === 'stickiness' || Boolean(product.transactions?.length);
}

function Steps({ row }: { row: ProductResult }) {
  const t = useT();
  const [first] = row.funnel;
  if (!first) return <span className="faint">–</span>;
  const last = row.funnel.at(-1)! / first;
  return (
    <span className="row end">
      <span className="product-funnel" aria-hidden>
        {row.funnel.map((count, i) => (
          <span key={i} style={{ height: `${(count / first) * 100}%` }} />
        ))}
      </span>
      <span className="visually-hidden">{t('product.funnel_through')}</span>
      <Figure measure="conversion" value={last} />
    </span>
  );
}
