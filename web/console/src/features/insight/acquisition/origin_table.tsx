// The table: what each origin cost, how many came to each step, and what one of them cost there.

import type { AcquisitionAnswer, AcquisitionCounts } from '@/api/types';
import { useT } from '@/i18n';
import { Money } from '@/ui/money';
import { Num } from '@/ui/show';
import { DataTable, type Column } from '@/ui/table';
import { step_names } from './figures';

type Row = AcquisitionCounts & { name: string; key: string; is_total?: boolean };

type Props = {
  answer: AcquisitionAnswer;
  origin_name: (value: AcquisitionAnswer['origins'][number]['group'][number]) => string;
};

export function OriginTable({ answer, origin_name }: Props) {
  const t = useT();
  const rows: Row[] = [
    ...answer.origins.map((row) => ({
      ...row,
      key: JSON.stringify(row.group),
      name: origin_name(row.group[0] ?? null),
    })),
    ...(answer.rest
      ? [{ ...answer.rest, key: 'rest', name: t('acquisition.rest', { count: answer.left_out }) }]
      : []),
    { ...answer.total, key: 'total', name: t('acquisition.all'), is_total: true },
  ];
  const columns: Column<Row>[] = [
    {
      key: 'origin',
      title: t('acquisition.origin'),
      lead: true,
      cell: (row) => (row.is_total ? <b>{row.name}</b> : <span>{row.name}</span>),
    },
    {
      key: 'spending',
      title: t('acquisition.spending'),
      end: true,
      cell: (row) => <Money value={answer.has_spending ? row.spending : null} />,
    },
    {
      key: 'contacts',
      title: t('acquisition.contact_cost'),
      end: true,
      cell: (row) => <Money value={row.contact_cost} />,
    },
    ...step_names.map((name, i) => ({
      key: name,
      title: t(`acquisition.step.${name}`),
      end: true,
      cell: (row: Row) => (
        <span className="step-count">
          <Num value={row.people[i]} />
          <span className="soft small">
            <Money value={row.cost_per[i]} />
          </span>
        </span>
      ),
    })),
  ];
  return (
    <DataTable
      columns={columns}
      rows={rows}
      label={t('acquisition.table')}
      row_key={(row) => row.key}
    />
  );
}
