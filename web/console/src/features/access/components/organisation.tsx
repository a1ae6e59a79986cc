// The organisation as a tree: head office, branches, outlets.

import { App, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import type { Org } from '@/api/types';
import { useT } from '@/i18n';
import { Act } from '@/ui/act';
import { MoreMenu } from '@/ui/more_menu';
import { Field, Panel } from '@/ui/page';
import { Empty, Failure, Loaded, useProblemText } from '@/ui/states';
import { useOrgs, useRemoveOrg, useSaveOrg, type OrgDraft } from '../api/orgs';
import './access.css';

type Edited = { org: Org | null; draft: OrgDraft };

export default function Organisation() {
  const t = useT();
  const orgs = useOrgs();
  const [edited, set_edited] = useState<Edited | null>(null);
  const add = (parent: Org | null) => {
    const kind = !parent ? 'head' : parent.kind === 'head' ? 'branch' : 'outlet';
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
        <OrgDialog edited={edited} orgs={orgs.data?.items ?? []} close={() => set_edited(null)} />
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

function OrgDialog(props: { edited: Edited; orgs: Org[]; close: () => void }) {
  const t = useT();
  const save = useSaveOrg();
  const { org } = props.edited;
  const [draft, set_draft] = useState(props.edited.draft);
  const set = (part: Partial<OrgDraft>) => set_draft({ ...draft, ...part });
  const keep = () =>
    save.mutate({ draft, id: org?.id, version: org?.version }, { onSuccess: props.close });
  return (
    <Modal
      open
      title={t(org ? 'orgs.edit' : 'orgs.add')}
      onCancel={props.close}
      onOk={keep}
      okText={t('ui.save')}
      cancelText={t('ui.cancel')}
      okButtonProps={{ disabled: !draft.code || !draft.name, loading: save.isPending }}
      width={420}
    >
      <div className="fields">
        {save.error && <Failure error={save.error} inline />}
        <Field id="org-name" label={t('ui.name')}>
          <Input
            id="org-name"
            value={draft.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <Field id="org-code" label={t('orgs.code')} hint={t('orgs.code_hint')}>
          <Input
            id="org-code"
            disabled={org !== null}
            value={draft.code}
            onChange={(event) => set({ code: event.target.value })}
          />
        </Field>
        <Field id="org-parent" label={t('orgs.parent')}>
          <Select
            id="org-parent"
            allowClear
            value={draft.parent ?? undefined}
            options={props.orgs
              .filter((one) => one.code !== draft.code)
              .map((one) => ({ value: one.code, label: one.name }))}
            onChange={(parent?: string) => set({ parent: parent ?? null })}
          />
        </Field>
        <Field id="org-kind" label={t('orgs.kind')}>
          <Select
            id="org-kind"
            value={draft.kind}
            options={(['head', 'branch', 'outlet'] as const).map((kind) => ({
              value: kind,
              label: t(`orgs.kind.${kind}`),
            }))}
            onChange={(kind) => set({ kind })}
          />
        </Field>
      </div>
    </Modal>
  );
}
