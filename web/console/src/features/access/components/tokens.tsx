import { App } from 'antd';
import { useState } from 'react';
import type { Token } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField, TextField } from '@/ui/fields';
import { Panel } from '@/ui/page';
import { When } from '@/ui/show';
import { SecretDialog } from '@/ui/secret_dialog';
import { Empty, useProblemText } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { useMakeToken, useRevokeToken, useTokens } from '../api/keys';
import { useRoles } from '../api/roles';

export default function Tokens() {
  const t = useT();
  const label = useLabel();
  const { modal, message } = App.useApp();
  const problem_text = useProblemText();
  const tokens = useTokens();
  const revoke = useRevokeToken();
  const [making, set_making] = useState(false);
  const ask = (token: Token) =>
    modal.confirm({
      title: t('tokens.revoke'),
      content: t('tokens.revoke_text', { name: token.name }),
      okText: t('tokens.revoke'),
      cancelText: t('ui.cancel'),
      okButtonProps: { danger: true },
      onOk: () =>
        revoke.mutateAsync(token.id).catch((error) => void message.error(problem_text(error))),
    });
  const make = (
    <Act may="manage_people" type="primary" size="small" onClick={() => set_making(true)}>
      {t('tokens.add')}
    </Act>
  );
  const columns: Column<Token>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      lead: true,
      cell: (row) => <span className="title-cell">{row.name}</span>,
    },
    { key: 'role', title: t('people.role'), cell: (row) => label('role', row.role) },
    {
      key: 'expires',
      title: t('tokens.expires'),
      cell: (row) => (row.expires_at ? <When at={row.expires_at} exact /> : t('tokens.never')),
    },
    { key: 'used', title: t('tokens.last_used'), cell: (row) => <When at={row.last_used_at} /> },
    {
      key: 'more',
      title: '',
      end: true,
      cell: (row) => (
        <Act may="manage_people" size="small" danger onClick={() => void ask(row)}>
          {t('tokens.revoke')}
        </Act>
      ),
    },
  ];
  return (
    <Panel title={t('settings.tokens')} flush extra={make}>
      <DataTable
        columns={columns}
        rows={tokens.data?.items}
        error={tokens.error}
        retry={() => void tokens.refetch()}
        label={t('settings.tokens')}
        row_key={(row) => row.id}
        empty={<Empty title={t('tokens.empty')} text={t('tokens.empty_text')} action={make} />}
      />
      {making && <NewToken close={() => set_making(false)} />}
    </Panel>
  );
}

const day_ms = 86_400_000;

function NewToken(props: { close: () => void }) {
  const t = useT();
  const label = useLabel();
  const roles = useRoles();
  const make = useMakeToken();
  const [name, set_name] = useState('');
  const [role, set_role] = useState('viewer');
  const [days, set_days] = useState(90);
  const create = () =>
    make.mutate({ name, role, expires_at: new Date(Date.now() + days * day_ms).toISOString() });
  if (make.data)
    return <SecretDialog title={t('tokens.made')} secret={make.data.token} close={props.close} />;
  return (
    <DrawerForm
      title={t('tokens.add')}
      may="manage_people"
      ok={t('ui.create')}
      saving={make}
      blocked={!name.trim() && t('ui.required')}
      save={create}
      close={props.close}
    >
      <TextField id="token-name" label={t('tokens.what_for')} first value={name} change={set_name} />
      <ChoiceField
        id="token-role"
        label={t('people.role')}
        hint={t('tokens.role_hint')}
        value={role}
        options={roles.data?.items.map((one) => ({
          value: one.role,
          label: label('role', one.role),
        }))}
        change={set_role}
      />
      <ChoiceField
        id="token-days"
        label={t('tokens.expires')}
        value={days}
        options={[1, 7, 30, 90, 365].map((one) => ({
          value: one,
          label: t('ui.days', { count: one }),
        }))}
        change={set_days}
      />
    </DrawerForm>
  );
}
