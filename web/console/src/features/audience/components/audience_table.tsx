import { Link } from 'react-router';
import type { ReactNode } from 'react';
import type { Audience } from '@/api/types';
import { useLabel, useLanguage, useT } from '@/i18n';
import { useNames } from '@/rule/vocabulary';
import { sentence_of } from '@/rule/sentence';
import { Num, Pill, Share, When } from '@/ui/show';
import { DataTable, type Column } from '@/ui/table';

type Props = {
  rows: Audience[] | undefined;
  error: unknown;
  retry: () => void;
  empty: ReactNode;
};

export function AudienceTable(props: Props) {
  const t = useT();
  const label = useLabel();
  const names = useNames();
  const { language } = useLanguage();
  const columns: Column<Audience>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      lead: true,
      cell: (row) => (
        <div style={{ maxWidth: 560 }}>
          <div className="row">
            <Link className="title-cell" to={`/audiences/${row.id}`}>
              {row.name}
            </Link>
            {row.state === 'archived' && <Pill>{t('audience.archived')}</Pill>}
          </div>
          <div className="soft small clip" title={sentence_of(row.rule, names, language)}>
            {row.description || sentence_of(row.rule, names, language)}
          </div>
        </div>
      ),
    },
    {
      key: 'count',
      title: t('audience.count'),
      end: true,
      cell: (row) => <Num value={row.count} />,
    },
    {
      key: 'share',
      title: t('audience.share'),
      end: true,
      cell: (row) => (row.share === null ? '–' : <Share share={row.share} />),
    },
    {
      key: 'refresh',
      title: t('audience.refresh'),
      cell: (row) => label('audience.refresh', row.refresh),
    },
    {
      key: 'used',
      title: t('audience.used_by'),
      cell: (row) => <UsedBy uses={row.used_by ?? []} />,
    },
    {
      key: 'computed',
      title: t('ui.updated'),
      end: true,
      cell: (row) => <When at={row.computed_at} />,
    },
  ];
  return (
    <DataTable
      {...props}
      columns={columns}
      label={t('audience.title')}
      row_key={(row) => row.id}
      to={(row) => `/audiences/${row.id}`}
    />
  );
}

const homes: Record<string, string> = {
  campaign: '/campaigns',
  board: '/boards',
  audience: '/audiences',
};

export function UsedBy(props: { uses: { kind: string; id: string; name: string }[] }) {
  const t = useT();
  if (props.uses.length === 0) return <span className="faint">{t('audience.used_none')}</span>;
  return props.uses.map((use, i) => (
    <span key={use.id}>
      {i > 0 && ' · '}
      {homes[use.kind] ? <Link to={`${homes[use.kind]}/${use.id}`}>{use.name}</Link> : use.name}
    </span>
  ));
}
