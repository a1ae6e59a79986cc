// One definition: what it means, who owns it, how it arrives, and whether it has been reviewed.

import { Button, Drawer, Input, Select } from 'antd';
import { useState } from 'react';
import type { Language, ReviewStatus } from '@/api/types';
import { named, useLabel, useLanguage, useT, type Translate } from '@/i18n';
import { formula_of, formula_sentence } from '@/rule/formula';
import type { Names } from '@/rule/names';
import { sentence_of } from '@/rule/sentence';
import type { Rule } from '@/rule/types';
import { useNames } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { Facts, Field } from '@/ui/page';
import { Bars, Num, Share, When } from '@/ui/show';
import { Failure, Loaded } from '@/ui/states';
import { useEntry, useSaveEntry, type DictionaryKind, type Entry } from '../api/dictionary';

const text_fields = [
  'name_zh',
  'name_en',
  'meaning',
  'owner',
  'source',
  'update_frequency',
  'example',
  'remarks',
] as const;
const long_fields = ['meaning', 'remarks'];
const statuses: ReviewStatus[] = ['reviewed', 'unreviewed', 'blocked'];

type Props = {
  kind: DictionaryKind;
  name: string;
  edit_definition: (tag: Entry) => void;
  close: () => void;
};

export function EntryDrawer({ kind, name, edit_definition, close }: Props) {
  const entry = useEntry(kind, name);
  const { language } = useLanguage();
  const title = entry.data ? named(language, entry.data) : name;
  return (
    <Drawer open onClose={close} title={title} size={520} styles={{ body: { padding: 0 } }}>
      <Loaded of={entry}>
        {(one) => (
          <Editor kind={kind} entry={one} edit_definition={edit_definition} close={close} />
        )}
      </Loaded>
    </Drawer>
  );
}

function Editor(props: Omit<Props, 'name'> & { entry: Entry }) {
  const { kind, entry, close } = props;
  const t = useT();
  const save = useSaveEntry(kind);
  const [draft, set_draft] = useState(entry);
  const set = (part: Partial<Entry>) => set_draft({ ...draft, ...part });
  const keep = () => {
    const fields = Object.fromEntries(text_fields.map((field) => [field, draft[field]]));
    const typed = kind === 'events' ? {} : { unit: draft.unit, class: draft.class };
    save.mutate(
      { ...fields, ...typed, name: entry.name, status: draft.status, version: entry.version },
      { onSuccess: close },
    );
  };
  return (
    <div className="stack" style={{ padding: 20 }}>
      {save.error && <Failure error={save.error} inline />}
      <Seen entry={entry} />
      {entry.definition && (
        <div>
          <Act
            may="edit_dictionary"
            size="small"
            onClick={() => props.edit_definition(entry)}
          >
            {t('dictionary.edit_tag')}
          </Act>
        </div>
      )}
      <div className="fields">
        <Field
          id="entry-status"
          label={t('ui.status')}
          hint={t(`dictionary.status_hint.${draft.status}`)}
        >
          <Select
            id="entry-status"
            value={draft.status}
            options={statuses.map((one) => ({ value: one, label: t(`dictionary.status.${one}`) }))}
            onChange={(status) => set({ status })}
          />
        </Field>
        {text_fields.map((field) => (
          <Field key={field} id={`entry-${field}`} label={t(`dictionary.${field}`)}>
            {long_fields.includes(field) ? (
              <Input.TextArea
                id={`entry-${field}`}
                autoSize={{ minRows: 2 }}
                value={draft[field]}
                onChange={(event) => set({ [field]: event.target.value })}
              />
            ) : (
              <Input
                id={`entry-${field}`}
                value={draft[field]}
                onChange={(event) => set({ [field]: event.target.value })}
              />
            )}
          </Field>
        ))}
        {kind !== 'events' && <TypeFields draft={draft} set={set} />}
      </div>
      <div className="row end">
        <Button onClick={close}>{t('ui.cancel')}</Button>
        <Act may="edit_dictionary" type="primary" loading={save.isPending} onClick={keep}>
          {t('ui.save')}
        </Act>
      </div>
    </div>
  );
}

function TypeFields({ draft, set }: { draft: Entry; set: (part: Partial<Entry>) => void }) {
  const t = useT();
  return (
    <div className="fields two">
      <Field id="entry-unit" label={t('dictionary.unit')}>
        <Input
          id="entry-unit"
          value={draft.unit}
          onChange={(event) => set({ unit: event.target.value })}
        />
      </Field>
      <Field id="entry-class" label={t('dictionary.class')} hint={t('dictionary.class_hint')}>
        <Select
          id="entry-class"
          value={draft.class ?? 'C1'}
          options={(['C1', 'C2', 'C3'] as const).map((one) => ({
            value: one,
            label: t(`dictionary.class.${one}`),
          }))}
          onChange={(next) => set({ class: next })}
        />
      </Field>
    </div>
  );
}

// How a computed tag comes to its value, in words.
function made_rows(
  { definition, refresh }: Entry,
  t: Translate,
  names: Names,
  language: Language,
): [string, React.ReactNode][] {
  if (typeof definition !== 'object' || definition === null) return [];
  const formula = formula_of(definition);
  const rule = 'rule' in definition ? definition.rule : (definition as Rule);
  const sentence = formula
    ? formula_sentence(formula, names, language)
    : sentence_of(rule, names, language);
  return [
    [t('dictionary.made_by'), sentence],
    [t('audience.refresh'), t(`audience.refresh.${refresh ?? 'manual'}`)],
  ];
}

function Seen({ entry }: { entry: Entry }) {
  const t = useT();
  const names = useNames();
  const { language } = useLanguage();
  const label = useLabel();
  const values = entry.values ?? [];
  const rows: [string, React.ReactNode][] = [
    [t('dictionary.machine_name'), <code key="m">{entry.name}</code>],
    ...(entry.type
      ? ([[t('dictionary.type'), label('type', entry.type)]] as [string, string][])
      : []),
    ...made_rows(entry, t, names, language),
    [t('dictionary.total'), <Num key="t" value={entry.volume_total} />],
    ...(entry.null_rate === undefined || entry.null_rate === null
      ? []
      : ([[t('dictionary.null_rate'), <Share key="n" share={entry.null_rate} />]] as [
          string,
          React.ReactNode,
        ][])),
    [t('dictionary.first_seen'), <When key="f" at={entry.first_seen_at} />],
    [t('dictionary.last_seen'), <When key="l" at={entry.last_seen_at} />],
  ];
  return (
    <>
      <Facts rows={rows} />
      {values.length > 0 && (
        <div>
          <p className="soft small">{t('dictionary.distribution')}</p>
          <Bars
            rows={values
              .slice(0, 8)
              .map((one) => ({ key: one.value, label: one.value, value: one.count }))}
          />
        </div>
      )}
    </>
  );
}
