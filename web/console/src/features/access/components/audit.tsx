import { App, Button, Input } from 'antd';
import { useState } from 'react';
import type { AuditEntry, AuditVerdict } from '@/api/types';
import { useT } from '@/i18n';
import { useDebounced } from '@/ui/debounce';
import { Panel } from '@/ui/page';
import { Num, When } from '@/ui/show';
import { Empty, useProblemText } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { useAudit, verify_audit } from '../api/audit';

export default function Audit() {
  const t = useT();
  const [filter, set_filter] = useState({ who: '', action: '', object: '' });
  const wanted = useDebounced(filter, 250);
  const audit = useAudit(wanted);
  const columns: Column<AuditEntry>[] = [
    { key: 'at', title: t('audit.at'), cell: (row) => <When at={row.at} exact /> },
    { key: 'who', title: t('audit.who'), cell: (row) => row.who },
    {
      key: 'what',
      title: t('audit.what'),
      lead: true,
      cell: (row) => (
        <>
          {row.summary || row.action}
          {row.why && <span className="soft small"> — {row.why}</span>}
        </>
      ),
    },
    { key: 'action', title: t('audit.action'), cell: (row) => <code>{row.action}</code> },
    { key: 'object', title: t('audit.object'), cell: (row) => <code>{row.object}</code> },
    {
      key: 'hash',
      title: t('audit.hash'),
      end: true,
      cell: (row) => <code title={row.hash}>{row.hash.slice(0, 8)}</code>,
    },
  ];
  return (
    <div className="stack">
      <div className="bar" style={{ margin: 0 }}>
        {(['who', 'action', 'object'] as const).map((field) => (
          <Input
            key={field}
            style={{ width: 180 }}
            allowClear
            placeholder={t(`audit.${field}`)}
            aria-label={t(`audit.${field}`)}
            value={filter[field]}
            onChange={(event) => set_filter({ ...filter, [field]: event.target.value })}
          />
        ))}
        <Verify />
      </div>
      <Panel flush>
        <DataTable
          columns={columns}
          rows={audit.data?.pages.flatMap((page) => page.items)}
          error={audit.error}
          retry={() => void audit.refetch()}
          label={t('settings.audit')}
          row_key={(row) => String(row.seq)}
          empty={<Empty title={t('ui.nothing_found')} text={t('ui.change_filter')} />}
          more={audit.hasNextPage ? () => void audit.fetchNextPage() : null}
          loading_more={audit.isFetchingNextPage}
        />
      </Panel>
    </div>
  );
}

function Verify() {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const [busy, set_busy] = useState(false);
  const [verdict, set_verdict] = useState<AuditVerdict | null>(null);
  const run = async () => {
    set_busy(true);
    try {
      set_verdict(await verify_audit());
    } catch (error) {
      void message.error(problem_text(error));
    }
    set_busy(false);
  };
  return (
    <>
      <Button loading={busy} onClick={() => void run()}>
        {t('audit.verify')}
      </Button>
      {verdict && (
        <span className={verdict.ok ? 'good' : 'bad'} role="status">
          {t(verdict.ok ? 'audit.intact' : 'audit.broken')} <Num value={verdict.entries} />{' '}
          <code>{verdict.head.slice(0, 12)}</code>
        </span>
      )}
    </>
  );
}
