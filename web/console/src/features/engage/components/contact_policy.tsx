import { App, Button, Checkbox, InputNumber, Select } from 'antd';
import { useState } from 'react';
import type { ContactPolicy } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { TimeInput } from '@/ui/date_input';
import { Field, Panel } from '@/ui/page';
import { Loaded, useProblemText } from '@/ui/states';
import { useContactPolicy, useSaveContactPolicy } from '../api/contact_policy';

export default function ContactPolicySettings() {
  const policy = useContactPolicy();
  return <Loaded of={policy}>{(one) => <Editor key={one.version} policy={one} />}</Loaded>;
}

const default_quiet = { from: '21:00', to: '08:00', action: 'defer' } as const;

function Editor({ policy }: { policy: ContactPolicy }) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const save = useSaveContactPolicy();
  const [draft, set_draft] = useState(policy);
  const set = (part: Partial<ContactPolicy>) => set_draft({ ...draft, ...part });
  const quiet = draft.quiet_hours;
  const keep = () =>
    save.mutate(draft, {
      onSuccess: () => void message.success(t('ui.saved')),
      onError: (error) => void message.error(problem_text(error)),
    });
  return (
    <Panel
      title={t('settings.contact_policy')}
      extra={
        <Act
          may="manage_settings"
          type="primary"
          size="small"
          loading={save.isPending}
          onClick={keep}
        >
          {t('ui.save')}
        </Act>
      }
    >
      <div className="fields" style={{ maxWidth: 640 }}>
        <Field label={t('contact_policy.caps')} hint={t('contact_policy.caps_hint')}>
          <Caps caps={draft.caps} change={(caps) => set({ caps })} />
        </Field>
        <Field label={t('contact_policy.quiet')} hint={t('contact_policy.quiet_hint')}>
          <Checkbox
            checked={quiet !== null}
            onChange={(event) => set({ quiet_hours: event.target.checked ? default_quiet : null })}
          >
            {t('contact_policy.quiet_on')}
          </Checkbox>
          {quiet && (
            <div className="row wrap">
              <TimeInput
                needed
                width={130}
                label={t('builder.from')}
                value={quiet.from}
                change={(from) => set({ quiet_hours: { ...quiet, from } })}
              />
              <TimeInput
                needed
                width={130}
                label={t('builder.to')}
                value={quiet.to}
                change={(to) => set({ quiet_hours: { ...quiet, to } })}
              />
              <Select
                style={{ width: 180 }}
                aria-label={t('contact_policy.action')}
                value={quiet.action}
                options={(['defer', 'drop'] as const).map((action) => ({
                  value: action,
                  label: t(`contact_policy.action.${action}`),
                }))}
                onChange={(action) => set({ quiet_hours: { ...quiet, action } })}
              />
            </div>
          )}
        </Field>
        <Field
          id="holdout"
          label={t('contact_policy.holdout')}
          hint={t('contact_policy.holdout_hint')}
        >
          <InputNumber
            id="holdout"
            min={0}
            max={20}
            step={0.5}
            suffix="%"
            style={{ width: 130 }}
            value={Number((draft.holdout_share * 100).toFixed(2))}
            onChange={(value) => set({ holdout_share: (value ?? 0) / 100 })}
          />
        </Field>
      </div>
    </Panel>
  );
}

type Cap = ContactPolicy['caps'][number];
const cap_channels = ['any', 'sms', 'email', 'inbox', 'webhook'] as const;
const cap_periods = ['day', 'week', 'month'] as const;

function Caps(props: { caps: Cap[]; change: (caps: Cap[]) => void }) {
  const t = useT();
  const label = useLabel();
  const { caps, change } = props;
  const set = (index: number, part: Partial<Cap>) =>
    change(caps.map((cap, i) => (i === index ? { ...cap, ...part } : cap)));
  return (
    <div className="stack tight">
      {caps.map((cap, index) => (
        <div key={index} className="row wrap">
          <Select
            style={{ width: 130 }}
            aria-label={t('campaign.channel')}
            value={cap.channel}
            options={cap_channels.map((one) => ({ value: one, label: label('channel', one) }))}
            onChange={(channel) => set(index, { channel })}
          />
          <span>{t('contact_policy.each')}</span>
          <Select
            style={{ width: 90 }}
            aria-label={t('contact_policy.period')}
            value={cap.per}
            options={cap_periods.map((one) => ({
              value: one,
              label: t(`contact_policy.per.${one}`),
            }))}
            onChange={(per) => set(index, { per })}
          />
          <span>{t('contact_policy.at_most')}</span>
          <InputNumber
            style={{ width: 80 }}
            min={0}
            max={1000}
            precision={0}
            aria-label={t('contact_policy.limit')}
            value={cap.limit}
            onChange={(limit) => set(index, { limit: limit ?? 0 })}
          />
          <span>{t('contact_policy.times')}</span>
          <Button
            type="text"
            size="small"
            onClick={() => change(caps.filter((_, i) => i !== index))}
          >
            {t('ui.remove')}
          </Button>
        </div>
      ))}
      <div>
        <Button
          size="small"
          onClick={() => change([...caps, { channel: 'any', per: 'day', limit: 1 }])}
        >
          {t('contact_policy.add')}
        </Button>
      </div>
    </div>
  );
}
