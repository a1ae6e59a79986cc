// An alert made or changed, with how often it would have fired.

import { Checkbox, Select } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useColleagues } from '@/api/colleagues';
import type { MetricAsked } from '@/api/question_types';
import type { Alert } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { useSession } from '@/session/session';
import { TimeInput } from '@/ui/date_input';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField, SwitchField, TextField } from '@/ui/fields';
import { Field } from '@/ui/page';
import { Failure, Skeleton } from '@/ui/states';
import { useAlertPreview, useSaveAlert, type AlertDraft } from '../api/alerts';
import { AlertChart } from './alert_chart';
import { RuleFields } from './rule_fields';
import { draft_of_rule, fresh_rule, rule_of_draft, type RuleDraft } from './rule_text';

type Props = {
  alert: Alert | null;
  metric: MetricAsked;
  title: string; // what a new one is called
  close: () => void;
};

type Fields = Omit<AlertDraft, 'metric' | 'rule'>;

function started({ alert, title }: Props, me: string): Fields {
  if (!alert)
    return {
      name: title,
      at: '08:00',
      recipients: [me],
      assignee: '',
      opens_item: true,
      active: true,
    };
  const { name, at, recipients, assignee, opens_item, active } = alert;
  return { name, at, recipients, assignee, opens_item, active };
}

export function AlertDrawer(props: Props) {
  const t = useT();
  const navigate = useNavigate();
  const { alert, metric, close } = props;
  const { person } = useSession();
  const save = useSaveAlert();
  const [draft, set_draft] = useState(() => started(props, person.id));
  const [rule, set_rule] = useState<RuleDraft>(alert ? draft_of_rule(alert.rule) : fresh_rule);
  const set = (part: Partial<Fields>) => set_draft({ ...draft, ...part });
  const sound = rule_of_draft(rule);
  const keep = () =>
    sound &&
    save.mutate(
      { draft: { ...draft, metric, rule: sound }, id: alert?.id, version: alert?.version },
      {
        onSuccess: (saved) => {
          close();
          if (!alert) void navigate(`/insights/alerts/${saved.id}`);
        },
      },
    );
  return (
    <DrawerForm
      title={t(alert ? 'alert.edit' : 'alert.new')}
      width={560}
      may="edit_boards"
      saving={save}
      blocked={(!draft.name.trim() || !sound) && t('ui.required')}
      save={keep}
      close={close}
    >
      <TextField
        id="alert-name"
        label={t('ui.name')}
        first
        value={draft.name}
        change={(name) => set({ name })}
      />
      <RuleFields rule={rule} set={(part) => set_rule({ ...rule, ...part })} />
      <Preview metric={metric} rule={sound} />
      <Field id="alert-at" label={t('alert.at')} hint={t('alert.at_hint')}>
        <TimeInput id="alert-at" needed value={draft.at} change={(at) => set({ at })} />
      </Field>
      <Told draft={draft} set={set} />
      {alert && (
        <SwitchField
          label={t('alert.active')}
          checked={draft.active}
          change={(active) => set({ active })}
        />
      )}
    </DrawerForm>
  );
}

function Told({ draft, set }: { draft: Fields; set: (part: Partial<Fields>) => void }) {
  const t = useT();
  const label = useLabel();
  const colleagues = useColleagues();
  const people = (colleagues.data?.items ?? []).map((one) => ({
    value: one.id,
    label: label('person', one.name),
  }));
  return (
    <>
      <Field id="alert-recipients" label={t('alert.recipients')} hint={t('alert.recipients_hint')}>
        <Select
          id="alert-recipients"
          mode="multiple"
          value={draft.recipients}
          options={people}
          loading={!colleagues.data}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={(recipients) => set({ recipients })}
        />
      </Field>
      <Checkbox
        checked={draft.opens_item}
        onChange={(event) => set({ opens_item: event.target.checked })}
      >
        {t('alert.opens_item')}
      </Checkbox>
      {draft.opens_item && (
        <ChoiceField
          id="alert-assignee"
          label={t('work.assignee')}
          search
          value={draft.assignee}
          options={[{ value: '', label: t('work.nobody') }, ...people]}
          change={(assignee) => set({ assignee })}
        />
      )}
    </>
  );
}

function Preview(props: { metric: MetricAsked; rule: ReturnType<typeof rule_of_draft> }) {
  const t = useT();
  const preview = useAlertPreview(props.metric, props.rule);
  if (preview.error && !preview.isFetching) return <Failure error={preview.error} inline />;
  if (!preview.data) return <Skeleton height={190} />;
  const { episodes, checks } = preview.data;
  const known = checks.filter((one) => one.known).length;
  return (
    <Field
      label={
        <span aria-live="polite">
          {known === 0
            ? t('alert.preview_unknown')
            : t('alert.preview', {
                count: episodes,
                span: t(`alert.span.${props.metric.per ?? 'day'}` as 'alert.span.day'),
              })}
        </span>
      }
    >
      <AlertChart checks={checks} height={160} />
    </Field>
  );
}
