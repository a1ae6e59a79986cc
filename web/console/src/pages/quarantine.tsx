import { App, Input, Select } from 'antd';
import { useState } from 'react';
import type { Quarantined } from '@/api/types';
import { useQuarantine, useReplayAll } from '@/features/collect/api/quarantine';
import { RecordDrawer } from '@/features/collect/components/record_drawer';
import { useLabel, useLanguage, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { useDebounced } from '@/ui/debounce';
import { JobProgress } from '@/ui/job_progress';
import { Page, Panel } from '@/ui/page';
import { Pill, When, type Tone } from '@/ui/show';
import { Empty, useProblemText } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';

const tones: Record<Quarantined['status'], Tone> = {
  open: 'warn',
  replayed: 'good',
  dropped: 'plain',
};

export default function QuarantinePage() {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const [filter, set_filter] = useState({ reason: '', status: 'open', text: '' });
  const found = useQuarantine({ ...filter, text: useDebounced(filter.text, 250) });
  const replay_all = useReplayAll();
  const [opened, set_opened] = useState<Quarantined | null>(null);
  const rows = found.data?.pages.flatMap((page) => page.items);
  const reasons = [
    ...new Set([...(rows?.map((row) => row.reason) ?? []), filter.reason].filter(Boolean)),
  ];
  const columns: Column<Quarantined>[] = [
    {
      key: 'reason',
      title: t('quarantine.why'),
      lead: true,
      cell: (row) => (
        <>
          <button type="button" className="link-button title-cell" onClick={() => set_opened(row)}>
            {label('problem', row.reason, { detail: '' })}
          </button>
          {language === 'en' && <div className="soft small">{row.detail}</div>}
        </>
      ),
    },
    {
      key: 'pointer',
      title: t('quarantine.where'),
      cell: (row) => row.pointer && <code>{row.pointer}</code>,
    },
    { key: 'source', title: t('quarantine.source'), cell: (row) => label('source', row.source) },
    {
      key: 'status',
      title: t('ui.status'),
      cell: (row) => <Pill tone={tones[row.status]}>{t(`quarantine.status.${row.status}`)}</Pill>,
    },
    { key: 'at', title: t('quarantine.at'), end: true, cell: (row) => <When at={row.at} /> },
  ];
  const all = (
    <Act
      may="import_data"
      blocked={!filter.reason && t('quarantine.choose_reason')}
      loading={replay_all.isPending}
      onClick={() =>
        replay_all.mutate(filter.reason, {
          onError: (error) => void message.error(problem_text(error)),
        })
      }
    >
      {t('quarantine.replay_all')}
    </Act>
  );
  return (
    <Page title={t('quarantine.title')} lead={t('quarantine.lead')} actions={all}>
      <div className="bar">
        <Select
          style={{ width: 190 }}
          aria-label={t('quarantine.why')}
          value={filter.reason}
          options={[
            { value: '', label: t('quarantine.any_reason') },
            ...reasons.map((one) => ({ value: one, label: label('problem', one, { detail: '' }) })),
          ]}
          onChange={(reason) => set_filter({ ...filter, reason })}
        />
        <Select
          style={{ width: 130 }}
          aria-label={t('ui.status')}
          value={filter.status}
          options={[
            { value: '', label: t('ui.all') },
            ...(['open', 'replayed', 'dropped'] as const).map((one) => ({
              value: one,
              label: t(`quarantine.status.${one}`),
            })),
          ]}
          onChange={(status) => set_filter({ ...filter, status })}
        />
        <Input.Search
          className="search"
          allowClear
          placeholder={t('quarantine.search')}
          aria-label={t('quarantine.search')}
          value={filter.text}
          onChange={(event) => set_filter({ ...filter, text: event.target.value })}
        />
      </div>
      {replay_all.data && <JobProgress id={replay_all.data.job.id} />}
      <Panel flush>
        <DataTable
          columns={columns}
          rows={rows}
          error={found.error}
          retry={() => void found.refetch()}
          label={t('quarantine.title')}
          row_key={(row) => row.id}
          on_open={set_opened}
          empty={<Empty mark="✓" title={t('quarantine.empty')} text={t('quarantine.empty_text')} />}
          more={found.hasNextPage ? () => void found.fetchNextPage() : null}
          loading_more={found.isFetchingNextPage}
        />
      </Panel>
      {opened && <RecordDrawer one={opened} close={() => set_opened(null)} />}
    </Page>
  );
}
