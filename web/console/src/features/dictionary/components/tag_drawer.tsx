// A tag that Qiao keeps by itself: true for everyone who matches a rule, or a value computed from what
// each customer did. The page gives the builder of either.

import { Segmented } from 'antd';
import { useState, type ReactNode } from 'react';
import type { Refresh } from '@/api/types';
import { named, useLanguage, useT } from '@/i18n';
import type { Formula } from '@/rule/formula';
import type { Rule } from '@/rule/types';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField, TextField } from '@/ui/fields';
import { Field } from '@/ui/page';
import { useMakeTag, useSaveEntry, type Entry } from '../api/dictionary';

export type MadeBy = 'rule' | 'formula';
type Props = {
  // The tag whose definition is changed; a new one without.
  tag?: Entry;
  made_by: MadeBy;
  set_made_by: (made_by: MadeBy) => void;
  definition: Rule | Formula;
  incomplete: string | false;
  builder: ReactNode;
  close: () => void;
};

const ways: MadeBy[] = ['rule', 'formula'];
// A formula is computed hourly at best: it reads the history, not the events as they come.
const refreshes: Record<MadeBy, Refresh[]> = {
  rule: ['realtime', 'hourly', 'daily', 'manual'],
  formula: ['hourly', 'daily', 'manual'],
};
const machine_name = /^[a-z][a-z0-9_]{0,63}$/;

// "Days since last payment" is kept as days_since_last_payment unless the person says otherwise.
function machine_name_of(text: string): string {
  const words = text.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  return words.replace(/^[_0-9]+|_+$/g, '').slice(0, 64);
}

export function TagDrawer(props: Props) {
  const t = useT();
  const { language } = useLanguage();
  const { tag, made_by } = props;
  const make = useMakeTag();
  const change = useSaveEntry('tags');
  const [draft, set_draft] = useState({ name: '', name_zh: '', name_en: '', meaning: '' });
  const [wanted, set_refresh] = useState<Refresh>(tag?.refresh ?? 'daily');
  const refresh = refreshes[made_by].includes(wanted) ? wanted : 'hourly';
  const name = draft.name || machine_name_of(draft.name_en);
  const name_wrong = name !== '' && !machine_name.test(name);
  const unnamed = !tag && (!name || name_wrong || !draft.name_zh);
  const made = { kind: made_by, definition: props.definition, refresh };
  const save = () =>
    tag
      ? change.mutate(
          { name: tag.name, version: tag.version, ...made },
          { onSuccess: props.close },
        )
      : make.mutate({ ...draft, name, ...made, status: 'reviewed' }, { onSuccess: props.close });
  return (
    <DrawerForm
      title={tag ? `${t('dictionary.edit_tag')} · ${named(language, tag)}` : t('dictionary.new_tag')}
      width={860}
      may="edit_dictionary"
      ok={tag ? t('ui.save') : t('ui.create')}
      saving={tag ? change : make}
      blocked={unnamed ? t('dictionary.name_needed') : props.incomplete}
      save={save}
      close={props.close}
    >
      {!tag && (
        <div className="fields two">
          {(['name_zh', 'name_en', 'meaning'] as const).map((field) => (
            <TextField
              key={field}
              id={`tag-${field}`}
              label={t(`dictionary.${field}`)}
              value={draft[field]}
              change={(value) => set_draft({ ...draft, [field]: value })}
            />
          ))}
          <TextField
            id="tag-name"
            label={t('dictionary.machine_name')}
            error={name_wrong && t('dictionary.name_rule')}
            hint={t('dictionary.name_rule')}
            mono
            value={name}
            change={(value) => set_draft({ ...draft, name: value })}
          />
        </div>
      )}
      <div className="fields two">
        <Field label={t('dictionary.made_by')} hint={t(`dictionary.made_by_hint.${made_by}`)}>
          <Segmented
            aria-label={t('dictionary.made_by')}
            value={made_by}
            options={ways.map((one) => ({ value: one, label: t(`dictionary.made_by.${one}`) }))}
            onChange={props.set_made_by}
          />
        </Field>
        <ChoiceField
          id="tag-refresh"
          label={t('audience.refresh')}
          hint={t(`audience.refresh_hint.${refresh}`)}
          value={refresh}
          options={refreshes[made_by].map((one) => ({
            value: one,
            label: t(`audience.refresh.${one}`),
          }))}
          change={set_refresh}
        />
      </div>
      <Field
        label={t(made_by === 'rule' ? 'dictionary.rule_label' : 'dictionary.formula_label')}
      >
        {props.builder}
      </Field>
    </DrawerForm>
  );
}
