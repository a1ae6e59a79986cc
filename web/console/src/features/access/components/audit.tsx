import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { AuditEntry, AuditVerdict } from '@/api/types';
import { useLabel, useLabels, useT } from '@/i18n';
import { useDebounced } from '@/ui/debounce';
import { Panel } from '@/ui/page';
import { Num, When } from '@/ui/show';
import { Empty, useProblemText } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { useAudit, verify_audit } from '../api/audit';

export default function Audit() {
  const t = useT();
  const label = useLabel();
  const actions = useLabels('audit.did');
  const [filter, set_filter] = useState({ who: '', action: '' });
  const wanted = useDebounced(filter, 250);
  const audit = useAudit(wanted);
  const columns: Column<AuditEntry>[] = [
    { key: 'at', title: t('audit.at'), cell: (row) => <When at={row.at} exact /> },
    { key: 'who', title: t('audit.who'), cell: (row) => label('person', row.who) },
    {
      key: 'what',
      title: t('audit.what'),
      lead: true,
      cell: (row) => <What entry={row} />,
    },
    { key: 'why', title: t('ui.why'), cell: (row) => row.why },
    { key: 'object', title: t('audit.object'), cell: (row) => <Thing object={row.object} /> },
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
        <Input
          style={{ width: 180 }}
          allowClear
          placeholder={t('audit.who')}
          aria-label={t('audit.who')}
          value={filter.who}
          onChange={(event) => set_filter({ ...filter, who: event.target.value })}
        />
        <Select
          style={{ width: 220 }}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('audit.what')}
          aria-label={t('audit.what')}
          value={filter.action || undefined}
          options={actions}
          onChange={(action?: string) => set_filter({ ...filter, action: action ?? '' })}
        />
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

// The summaries that are always the same sentence.
const notes: Record<string, string> = {
  'by password': 'password',
  'by a one-time link': 'link',
  'by the person': 'self',
  'personal data masked': 'masked',
  'personal data shown': 'shown',
  'found by a search': 'search',
  'people behind a number': 'people',
};

function What({ entry }: { entry: AuditEntry }) {
  const label = useLabel();
  const said = label('audit.did', entry.action);
  const note = notes[entry.summary];
  const summary = note ? label('audit.note', note) : entry.summary;
  return (
    <>
      {said}
      {summary && said !== summary && <div className="soft small">{summary}</div>}
    </>
  );
}

// What an id belongs to, by its first letters; those with a page of their own are linked.
const pages: Record<string, string> = {
  cus: '/customers',
  aud: '/audiences',
  cmp: '/campaigns',
  brd: '/boards',
};

function Thing({ object }: { object: string }) {
  const label = useLabel();
  const [, kind] = /^([a-z]+)_[0-9A-Z]{6,}/.exec(object) ?? [];
  if (!kind) return label('audit.thing', object);
  const name = label('audit.thing', kind);
  const page = pages[kind];
  return page ? (
    <Link to={`${page}/${object}`} title={object}>
      {name}
    </Link>
  ) : (
    <span title={object}>{name}</span>
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
