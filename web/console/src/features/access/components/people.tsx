import { App } from 'antd';
import { useState } from 'react';
import type { PersonRow } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField, SwitchField, TextField } from '@/ui/fields';
import { MoreMenu } from '@/ui/more_menu';
import { Panel } from '@/ui/page';
import { Pill, When } from '@/ui/show';
import { SecretDialog } from '@/ui/secret_dialog';
import { Empty, useProblemText } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { useOrgs } from '../api/orgs';
import { reset_person, usePeople, useSavePerson, type PersonDraft } from '../api/people';
import { useRoles } from '../api/roles';

export default function People() {
  const t = useT();
  const label = useLabel();
  const { message, modal } = App.useApp();
  const problem_text = useProblemText();
  const people = usePeople();
  const orgs = useOrgs();
  const [edited, set_edited] = useState<PersonRow | 'new' | null>(null);
  const [link, set_link] = useState<string | null>(null);
  const org_name = (row: PersonRow) =>
    row.org_name ||
    orgs.data?.items.find((org) => org.code === row.org)?.name ||
    t('people.whole_bank');
  const reset = (person: PersonRow) =>
    modal.confirm({
      title: t('people.reset'),
      content: t('people.reset_text', { name: person.name }),
      okText: t('people.reset'),
      cancelText: t('ui.cancel'),
      onOk: () =>
        reset_person(person.id).then(
          (made) => set_link(made.one_time_link),
          (error) => void message.error(problem_text(error)),
        ),
    });
  const columns: Column<PersonRow>[] = [
    {
      key: 'name',
      title: t('people.name'),
      lead: true,
      cell: (row) => (
        <>
          <span className="title-cell">{label('person', row.name)}</span>{' '}
          <span className="soft small">{row.login}</span>
        </>
      ),
    },
    { key: 'role', title: t('people.role'), cell: (row) => label('role', row.role) },
    { key: 'org', title: t('people.org'), cell: org_name },
    {
      key: 'active',
      title: t('ui.status'),
      cell: (row) => (
        <Pill tone={row.active ? 'good' : 'plain'}>{t(row.active ? 'ui.on' : 'ui.off')}</Pill>
      ),
    },
    { key: 'seen', title: t('people.last_seen'), cell: (row) => <When at={row.last_sign_in_at} /> },
    {
      key: 'more',
      title: '',
      end: true,
      cell: (row) => (
        <MoreMenu
          small
          items={[
            { label: t('ui.edit'), may: 'manage_people', act: () => set_edited(row) },
            { label: t('people.reset'), may: 'manage_people', act: () => void reset(row) },
          ]}
        />
      ),
    },
  ];
  return (
    <Panel
      title={t('settings.people')}
      flush
      extra={
        <Act may="manage_people" type="primary" size="small" onClick={() => set_edited('new')}>
          {t('people.add')}
        </Act>
      }
    >
      <DataTable
        columns={columns}
        rows={people.data?.items}
        error={people.error}
        retry={() => void people.refetch()}
        label={t('settings.people')}
        row_key={(row) => row.id}
        on_open={set_edited}
        empty={<Empty title={t('ui.nothing_found')} />}
      />
      {edited && (
        <PersonDrawer
          person={edited === 'new' ? null : edited}
          close={() => set_edited(null)}
          made={(one_time_link) => set_link(one_time_link)}
        />
      )}
      {link && (
        <SecretDialog
          title={t('people.link_title')}
          text={t('people.link_text')}
          secret={new URL(link, window.location.origin).href}
          close={() => set_link(null)}
        />
      )}
    </Panel>
  );
}

function PersonDrawer(props: {
  person: PersonRow | null;
  close: () => void;
  made: (link: string) => void;
}) {
  const t = useT();
  const label = useLabel();
  const roles = useRoles();
  const orgs = useOrgs();
  const save = useSavePerson();
  const { person } = props;
  const [draft, set_draft] = useState<PersonDraft>(
    person
      ? {
          login: person.login,
          name: person.name,
          role: person.role,
          org: person.org,
          email: person.email,
          active: person.active,
        }
      : { login: '', name: '', role: 'viewer', org: '', email: '', active: true },
  );
  const set = (part: Partial<PersonDraft>) => set_draft({ ...draft, ...part });
  const keep = () =>
    save.mutate(
      { draft, id: person?.id, version: person?.version },
      {
        onSuccess: (made) => {
          props.close();
          if (made?.one_time_link) props.made(made.one_time_link);
        },
      },
    );
  return (
    <DrawerForm
      title={t(person ? 'people.edit' : 'people.add')}
      may="manage_people"
      saving={save}
      blocked={(!draft.login || !draft.name) && t('ui.required')}
      save={keep}
      close={props.close}
    >
      <TextField
        id="person-login"
        label={t('people.login')}
        disabled={person !== null}
        value={draft.login}
        change={(login) => set({ login })}
      />
      <TextField
        id="person-name"
        label={t('people.name')}
        value={draft.name}
        change={(name) => set({ name })}
      />
      <ChoiceField
        id="person-role"
        label={t('people.role')}
        value={draft.role}
        options={roles.data?.items.map((one) => ({
          value: one.role,
          label: label('role', one.role),
        }))}
        change={(role) => set({ role })}
      />
      <ChoiceField
        id="person-org"
        label={t('people.org')}
        hint={t('people.org_hint')}
        search
        value={draft.org}
        options={[
          { value: '', label: t('people.whole_bank') },
          ...(orgs.data?.items.map((org) => ({ value: org.code, label: org.name })) ?? []),
        ]}
        change={(org) => set({ org })}
      />
      <TextField
        id="person-email"
        label={t('people.email')}
        hint={t('people.email_hint')}
        value={draft.email}
        change={(email) => set({ email })}
      />
      <SwitchField
        label={t('people.active')}
        checked={draft.active}
        change={(active) => set({ active })}
      />
    </DrawerForm>
  );
}
