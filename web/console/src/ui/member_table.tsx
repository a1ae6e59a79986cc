// A list of customers, as search and every "people behind this number" show it.

import { Link } from 'react-router';
import type { ReactNode } from 'react';
import type { Member } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { DataTable, type Column } from './table';
import { useValueText } from './value_text';

type Props = {
  rows: Member[] | undefined;
  error: unknown;
  retry?: () => void;
  empty: ReactNode;
  tag_label: (name: string) => string;
  more?: (() => void) | null;
  loading_more?: boolean;
};

export function MemberTable(props: Props) {
  const t = useT();
  const label = useLabel();
  const value_text = useValueText();
  const columns: Column<Member>[] = [
    {
      key: 'name',
      title: t('customer.name'),
      lead: true,
      cell: (row) => (
        <Link className="title-cell" to={`/customers/${row.customer}`}>
          {row.name ?? t('customer.visitor')}
        </Link>
      ),
    },
    {
      key: 'identities',
      title: t('customer.identities'),
      wide: true,
      cell: (row) => (
        <span className="small">
          {Object.entries(row.identities ?? {})
            .slice(0, 2)
            .map(([kind, values]) => `${label('identity', kind)} ${values[0]}`)
            .join(' · ')}
        </span>
      ),
    },
    {
      key: 'tags',
      title: t('customer.tags'),
      wide: true,
      cell: (row) => (
        <span className="soft small">
          {Object.entries(row.tags ?? {})
            .slice(0, 3)
            .map(([name, value]) => `${props.tag_label(name)} ${value_text(value)}`)
            .join(' · ')}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      {...props}
      columns={columns}
      label={t('customer.title')}
      row_key={(row) => row.customer}
      to={(row) => `/customers/${row.customer}`}
    />
  );
}
