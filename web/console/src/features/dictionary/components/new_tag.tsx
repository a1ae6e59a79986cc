// A tag that Qiao keeps by itself: true for everyone who matches a rule. The page gives the builder.

import { Button, Drawer, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Refresh } from '@/api/types';
import { useT } from '@/i18n';
import type { Rule } from '@/rule/types';
import { Act } from '@/ui/act';
import { Field } from '@/ui/page';
import { Failure } from '@/ui/states';
import { useMakeTag } from '../api/dictionary';

type Props = {
  rule: Rule;
  incomplete: number;
  builder: ReactNode;
  close: () => void;
};

const refreshes: Refresh[] = ['realtime', 'hourly', 'daily', 'manual'];
const machine_name = /^[a-z][a-z0-9_]{0,63}$/;

export function NewTagDrawer({ rule, incomplete, builder, close }: Props) {
  const t = useT();
  const make = useMakeTag();
  const [draft, set_draft] = useState({ name: '', name_zh: '', name_en: '', meaning: '' });
  const [refresh, set_refresh] = useState<Refresh>('daily');
  const name_wrong = draft.name !== '' && !machine_name.test(draft.name);
  const blocked =
    !draft.name || name_wrong || !draft.name_zh
      ? t('dictionary.name_needed')
      : incomplete > 0 && t('audience.save_blocked', { count: incomplete });
  const save = () =>
    make.mutate(
      { ...draft, kind: 'rule', type: 'boolean', definition: rule, refresh, status: 'reviewed' },
      { onSuccess: close },
    );
  return (
    <Drawer
      open
      onClose={close}
      title={t('dictionary.new_tag')}
      size={860}
      footer={
        <div className="row end">
          <Button onClick={close}>{t('ui.cancel')}</Button>
          <Act
            may="edit_dictionary"
            type="primary"
            loading={make.isPending}
            blocked={blocked}
            onClick={save}
          >
            {t('ui.create')}
          </Act>
        </div>
      }
    >
      <div className="fields">
        {make.error && <Failure error={make.error} inline />}
        <div className="fields two">
          {(['name_zh', 'name_en', 'meaning'] as const).map((field) => (
            <Field key={field} id={`tag-${field}`} label={t(`dictionary.${field}`)}>
              <Input
                id={`tag-${field}`}
                value={draft[field]}
                onChange={(event) => set_draft({ ...draft, [field]: event.target.value })}
              />
            </Field>
          ))}
          <Field
            id="tag-name"
            label={t('dictionary.machine_name')}
            error={name_wrong && t('dictionary.name_rule')}
            hint={t('dictionary.name_rule')}
          >
            <Input
              id="tag-name"
              className="mono"
              value={draft.name}
              onChange={(event) => set_draft({ ...draft, name: event.target.value })}
            />
          </Field>
          <Field
            id="tag-refresh"
            label={t('audience.refresh')}
            hint={t(`audience.refresh_hint.${refresh}`)}
          >
            <Select
              id="tag-refresh"
              value={refresh}
              options={refreshes.map((one) => ({
                value: one,
                label: t(`audience.refresh.${one}`),
              }))}
              onChange={set_refresh}
            />
          </Field>
        </div>
        <Field label={t('dictionary.rule_label')}>{builder}</Field>
      </div>
    </Drawer>
  );
}
