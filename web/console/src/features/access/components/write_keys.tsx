import { App } from 'antd';
import { useState } from 'react';
import type { WriteKey, WriteKeyKind } from '@/api/types';
import { useT } from '@/i18n';
import { Act } from '@/ui/act';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField, TextField } from '@/ui/fields';
import { Panel } from '@/ui/page';
import { SecretDialog } from '@/ui/secret_dialog';
import { Pill, When } from '@/ui/show';
import { CopyButton, Empty, useProblemText } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { useMakeWriteKey, useSwitchWriteKey, useWriteKeys } from '../api/keys';
import { snippet_of, type SnippetKey } from './snippets';
import './access.css';

export default function WriteKeys() {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const keys = useWriteKeys();
  const flip = useSwitchWriteKey();
  const [making, set_making] = useState(false);
  const make = (
    <Act may="manage_settings" type="primary" size="small" onClick={() => set_making(true)}>
      {t('write_keys.add')}
    </Act>
  );
  const columns: Column<WriteKey>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      lead: true,
      cell: (row) => <span className="title-cell">{row.name}</span>,
    },
    { key: 'kind', title: t('write_keys.kind'), cell: (row) => t(`write_keys.kind.${row.kind}`) },
    {
      key: 'active',
      title: t('ui.status'),
      cell: (row) => (
        <Pill tone={row.active ? 'good' : 'plain'}>{t(row.active ? 'ui.on' : 'ui.off')}</Pill>
      ),
    },
    { key: 'created', title: t('ui.created'), cell: (row) => <When at={row.created_at} /> },
    {
      key: 'more',
      title: '',
      end: true,
      cell: (row) => (
        <Act
          may="manage_settings"
          size="small"
          onClick={() =>
            flip.mutate(row, { onError: (error) => void message.error(problem_text(error)) })
          }
        >
          {t(row.active ? 'write_keys.disable' : 'write_keys.enable')}
        </Act>
      ),
    },
  ];
  return (
    <div className="stack">
      <Panel title={t('settings.write_keys')} flush extra={make}>
        <DataTable
          columns={columns}
          rows={keys.data?.items}
          error={keys.error}
          retry={() => void keys.refetch()}
          label={t('settings.write_keys')}
          row_key={(row) => row.id}
          empty={
            <Empty title={t('write_keys.empty')} text={t('write_keys.empty_text')} action={make} />
          }
        />
      </Panel>
      <Snippets />
      {making && <NewKey close={() => set_making(false)} />}
    </div>
  );
}

const snippet_keys: SnippetKey[] = ['browser', 'segment_node', 'sensors_web', 'curl'];

function Snippets() {
  const t = useT();
  const [key, set_key] = useState<SnippetKey>('browser');
  const code = snippet_of(key, window.location.origin);
  return (
    <Panel title={t('write_keys.connect')}>
      <div className="sub-nav" role="tablist" aria-label={t('write_keys.connect')}>
        {snippet_keys.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={one === key}
            onClick={() => set_key(one)}
          >
            {t(`write_keys.snippet.${one}`)}
          </button>
        ))}
      </div>
      <div className="snippet">
        <span className="copy">
          <CopyButton text={code} />
        </span>
        <pre className="json" tabIndex={0} role="region" aria-label={t('write_keys.connect')}>
          {code}
        </pre>
      </div>
      <p className="soft small" style={{ marginTop: 8 }}>
        {t('write_keys.connect_hint')}
      </p>
    </Panel>
  );
}

const kinds: WriteKeyKind[] = ['segment', 'sensors', 'native'];

function NewKey(props: { close: () => void }) {
  const t = useT();
  const make = useMakeWriteKey();
  const [name, set_name] = useState('');
  const [kind, set_kind] = useState<WriteKeyKind>('segment');
  if (make.data)
    return (
      <SecretDialog title={t('write_keys.made')} secret={make.data.write_key} close={props.close} />
    );
  return (
    <DrawerForm
      title={t('write_keys.add')}
      may="manage_settings"
      ok={t('ui.create')}
      saving={make}
      blocked={!name.trim() && t('ui.required')}
      save={() => make.mutate({ name, kind, active: true })}
      close={props.close}
    >
      <TextField id="key-name" label={t('write_keys.what_for')} first value={name} change={set_name} />
      <ChoiceField
        id="key-kind"
        label={t('write_keys.kind')}
        value={kind}
        options={kinds.map((one) => ({ value: one, label: t(`write_keys.kind.${one}`) }))}
        change={set_kind}
      />
    </DrawerForm>
  );
}
