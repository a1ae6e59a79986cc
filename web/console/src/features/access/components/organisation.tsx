// The organisation as a tree: head office, branches, outlets, relationship managers.

import { App } from 'antd';
import { useState } from 'react';
import type { Org } from '@/api/types';
import { useT } from '@/i18n';
import { Act } from '@/ui/act';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField, TextField } from '@/ui/fields';
import { MoreMenu } from '@/ui/more_menu';
import { Panel } from '@/ui/page';
import { Empty, Loaded, useProblemText } from '@/ui/states';
import { useOrgs, useRemoveOrg, useSaveOrg, type OrgDraft } from '../api/orgs';
import './access.css';

type Edited = { org: Org | null; draft: OrgDraft };

export default function Organisation() {
  const t = useT();
  const orgs = useOrgs();
  const [edited, set_edited] = useState<Edited | null>(null);
  const add = (parent: Org | null) => {
    const kind = parent ? (kinds[kinds.indexOf(parent.kind) + 1] ?? 'manager') : 'head';
    set_edited({ org: null, draft: { code: '', name: '', parent: parent?.code ?? null, kind } });
  };
  const edit = (org: Org) =>
    set_edited({
      org,
      draft: { code: org.code, name: org.name, parent: org.parent, kind: org.kind },
    });
  return (
    <Panel title={t('settings.organisation')}>
      <Loaded of={orgs}>
        {({ items }) => {
          const tops = items.filter((org) => !items.some((other) => other.code === org.parent));
          if (tops.length === 0) {
            return (
              <Empty
                title={t('orgs.empty')}
                action={
                  <Act may="manage_people" type="primary" onClick={() => add(null)}>
                    {t('orgs.add')}
                  </Act>
                }
              />
            );
          }
          return <Branch orgs={items} here={tops} add={add} edit={edit} />;
        }}
      </Loaded>
      {edited && (
        <OrgForm edited={edited} orgs={orgs.data?.items ?? []} close={() => set_edited(null)} />
      )}
    </Panel>
  );
}

function Branch(props: {
  orgs: Org[];
  here: Org[];
  add: (parent: Org) => void;
  edit: (org: Org) => void;
}) {
  const t = useT();
  const { modal, message } = App.useApp();
  const problem_text = useProblemText();
  const remove = useRemoveOrg();
  const ask = (org: Org) =>
    modal.confirm({
      title: t('orgs.remove', { name: org.name }),
      content: t('orgs.remove_text'),
      okText: t('ui.remove'),
      cancelText: t('ui.cancel'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove.mutateAsync(org.id).catch((error) => void message.error(problem_text(error))),
    });
  return (
    <ul className="org-tree">
      {props.here.map((org) => {
        const below = props.orgs.filter((other) => other.parent === org.code);
        return (
          <li key={org.code}>
            <div className="row">
              <span className="grow">
                {org.name} <span className="faint small mono">{org.code}</span>{' '}
                <span className="soft small">{t(`orgs.kind.${org.kind}`)}</span>
              </span>
              <MoreMenu
                small
                items={[
                  { label: t('ui.edit'), may: 'manage_people', act: () => props.edit(org) },
                  { label: t('orgs.add_below'), may: 'manage_people', act: () => props.add(org) },
                  {
                    label: t('ui.remove'),
                    may: 'manage_people',
                    danger: true,
                    blocked: below.length > 0 && t('orgs.has_below'),
                    act: () => void ask(org),
                  },
                ]}
              />
            </div>
            {below.length > 0 && <Branch {...props} here={below} />}
          </li>
        );
      })}
    </ul>
  );
}

const kinds: Org['kind'][] = ['head', 'branch', 'outlet', 'manager'];

function OrgForm(props: { edited: Edited; orgs: Org[]; close: () => void }) {
  const t = useT();
  const save = useSaveOrg();
  const { org } = props.edited;
  const [draft, set_draft] = useState(props.edited.draft);
  const set = (part: Partial<OrgDraft>) => set_draft({ ...draft, ...part });
  const keep = () =>
    save.mutate({ draft, id: org?.id, version: org?.version }, { onSuccess: props.close });
  return (
    <DrawerForm
      title={t(org ? 'orgs.edit' : 'orgs.add')}
      may="manage_people"
      saving={save}
      blocked={(!draft.code || !draft.name) && t('ui.required')}
      save={keep}
      close={props.close}
    >
      <TextField
        id="org-name"
        label={t('ui.name')}
        value={draft.name}
        change={(name) => set({ name })}
      />
      <TextField
        id="org-code"
        label={t('orgs.code')}
        hint={t('orgs.code_hint')}
        disabled={org !== null}
        value={draft.code}
        change={(code) => set({ code })}
      />
      <ChoiceField
        id="org-parent"
        label={t('orgs.parent')}
        search
        value={draft.parent ?? ''}
        options={[
          { value: '', label: t('orgs.no_parent') },
          ...props.orgs
            .filter((one) => one.code !== draft.code)
            .map((one) => ({ value: one.code, label: one.name })),
        ]}
        change={(parent) => set({ parent: parent || null })}
      />
      <ChoiceField
        id="org-kind"
        label={t('orgs.kind')}
        value={draft.kind}
        options={kinds.map((kind) => ({ value: kind, label: t(`orgs.kind.${kind}`) }))}
        change={(kind) => set({ kind })}
      />
    </DrawerForm>
  );
}
