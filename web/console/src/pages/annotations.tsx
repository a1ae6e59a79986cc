import { PlusOutlined } from '@ant-design/icons';
import { useState } from 'react';
import type { Annotation } from '@/api/types';
import { AnnotationDrawer } from '@/features/insight/annotations/annotation_drawer';
import { useAnnotations } from '@/features/insight/api/annotations';
import { useLabel, useLanguage, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Page, Panel } from '@/ui/page';
import { Pill, When } from '@/ui/show';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { date_only } from '@/ui/times';

export default function AnnotationsPage() {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const annotations = useAnnotations();
  const [opened, set_opened] = useState<Annotation | 'new' | null>(null);
  const columns: Column<Annotation>[] = [
    {
      key: 'text',
      title: t('annotation.text'),
      lead: true,
      cell: (row) => (
        <button
          type="button"
          className="link-button title-cell"
          onClick={() => set_opened(row)}
        >
          {row.text}
        </button>
      ),
    },
    {
      key: 'day',
      title: t('annotation.day'),
      cell: (row) => <span className="num">{date_only(row.day, language)}</span>,
    },
    {
      key: 'kind',
      title: t('annotation.kind'),
      cell: (row) => <Pill bare>{t(`annotation.kind.${row.kind}`)}</Pill>,
    },
    { key: 'author', title: t('annotation.author'), cell: (row) => label('person', row.author) },
    {
      key: 'updated',
      title: t('ui.updated'),
      end: true,
      cell: (row) => <When at={row.updated_at} />,
    },
  ];
  const add = (
    <Act may="edit_boards" type="primary" icon={<PlusOutlined />} onClick={() => set_opened('new')}>
      {t('annotation.new')}
    </Act>
  );
  return (
    <Page title={t('annotation.title')} lead={t('annotation.lead')} actions={add}>
      <Panel flush>
        <DataTable
          columns={columns}
          rows={annotations.data && [...annotations.data.items].reverse()}
          error={annotations.error}
          retry={() => void annotations.refetch()}
          label={t('annotation.title')}
          row_key={(row) => row.id}
          on_open={set_opened}
          empty={
            <Empty title={t('annotation.none')} text={t('annotation.none_text')} action={add} />
          }
        />
      </Panel>
      {opened && (
        <AnnotationDrawer
          note={opened === 'new' ? null : opened}
          close={() => set_opened(null)}
        />
      )}
    </Page>
  );
}
