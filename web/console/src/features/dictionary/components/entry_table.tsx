import type { ReactNode } from 'react';
import type { ReviewStatus } from '@/api/types';
import { named, useLabel, useLanguage, useOwnText, useT } from '@/i18n';
import { Num, Pill, Share, Sparkline, When, type Tone } from '@/ui/show';
import { DataTable, type Column } from '@/ui/table';
import type { DictionaryKind, Entry } from '../api/dictionary';

const tones: Record<ReviewStatus, Tone> = { reviewed: 'good', unreviewed: 'warn', blocked: 'bad' };

export function ReviewPill({ status }: { status: ReviewStatus }) {
  const t = useT();
  return <Pill tone={tones[status]}>{t(`dictionary.status.${status}`)}</Pill>;
}

type Props = {
  kind: DictionaryKind;
  rows: Entry[] | undefined;
  error: unknown;
  retry: () => void;
  open: (entry: Entry) => void;
  empty: ReactNode;
};

export function EntryTable({ kind, open, ...props }: Props) {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const own = useOwnText();
  const name: Column<Entry> = {
    key: 'name',
    title: t('ui.name'),
    lead: true,
    cell: (row) => (
      <>
        <button type="button" className="link-button title-cell" onClick={() => open(row)}>
          {named(language, row)}
        </button>{' '}
        <code className="faint">{row.name}</code>
        <div className="soft small clip" style={{ maxWidth: 460 }}>
          {own(row.meaning)}
        </div>
      </>
    ),
  };
  const type: Column<Entry> = {
    key: 'type',
    title: t('dictionary.type'),
    cell: (row) => `${label('type', row.type ?? '')}${row.unit ? ` · ${own(row.unit)}` : ''}`,
  };
  const null_rate: Column<Entry> = {
    key: 'null',
    title: t('dictionary.null_rate'),
    end: true,
    cell: (row) => <Share share={row.null_rate ?? Number.NaN} />,
  };
  const tag_kind: Column<Entry> = {
    key: 'kind',
    title: t('dictionary.kind'),
    cell: (row) => label('tag_source', row.kind ?? ''),
  };
  const volume: Column<Entry> = {
    key: 'volume',
    title: t('dictionary.volume_7d'),
    cell: (row) => <Sparkline values={row.volume_7d ?? []} />,
  };
  const rest: Column<Entry>[] = [
    {
      key: 'total',
      title: t('dictionary.total'),
      end: true,
      cell: (row) => <Num value={row.volume_total} />,
    },
    {
      key: 'seen',
      title: t('dictionary.last_seen'),
      end: true,
      cell: (row) => <When at={row.last_seen_at} />,
    },
    {
      key: 'status',
      title: t('ui.status'),
      end: true,
      cell: (row) => <ReviewPill status={row.status} />,
    },
  ];
  const columns: Record<DictionaryKind, Column<Entry>[]> = {
    events: [name, volume, ...rest],
    properties: [name, type, null_rate, volume, ...rest],
    tags: [name, type, tag_kind, ...rest],
  };
  return (
    <DataTable
      {...props}
      columns={columns[kind]}
      label={t(`dictionary.${kind}`)}
      row_key={(row) => row.name}
      on_open={open}
    />
  );
}
