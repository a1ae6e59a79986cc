// The settings of one provider. Secrets can be written, never read.

import { Input, InputNumber } from 'antd';
import { useState } from 'react';
import type { Channel, ChannelKind } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField, SwitchField, TextField } from '@/ui/fields';
import { Field } from '@/ui/page';
import { useSaveChannel, type ChannelDraft } from '../api/channels';

const kinds: ChannelKind[] = ['inbox', 'sms', 'email', 'webhook'];
const fields_of: Record<ChannelKind, string[]> = {
  inbox: [],
  sms: ['host', 'port', 'system_id', 'password', 'source', 'receipt_secret'],
  email: ['host', 'port', 'username', 'password', 'from', 'unsubscribe', 'receipt_secret'],
  webhook: ['url', 'secret', 'receipt_secret'],
};
const secret = ['password', 'secret', 'receipt_secret'];
const numeric = ['port'];

export function ChannelDrawer({ channel, close }: { channel: Channel | null; close: () => void }) {
  const t = useT();
  const label = useLabel();
  const save = useSaveChannel();
  const [draft, set_draft] = useState<ChannelDraft>(
    channel
      ? {
          kind: channel.kind,
          name: channel.name,
          settings: channel.settings,
          rate_per_s: channel.rate_per_s,
          active: channel.active,
        }
      : { kind: 'sms', name: '', settings: {}, rate_per_s: 50, active: true },
  );
  const set = (part: Partial<ChannelDraft>) => set_draft({ ...draft, ...part });
  const keep = () => {
    // A secret that was not typed anew stays as it is on the server.
    const settings = Object.fromEntries(
      Object.entries(draft.settings).filter(([name, value]) => !secret.includes(name) || value),
    );
    save.mutate(
      { draft: { ...draft, settings }, id: channel?.id, version: channel?.version },
      { onSuccess: close },
    );
  };
  return (
    <DrawerForm
      title={channel ? channel.name : t('channels.add')}
      may="manage_settings"
      saving={save}
      blocked={!draft.name && t('ui.required')}
      save={keep}
      close={close}
    >
      <ChoiceField
        id="channel-kind"
        label={t('channels.kind')}
        disabled={channel !== null}
        value={draft.kind}
        options={kinds.map((one) => ({ value: one, label: label('channel', one) }))}
        change={(kind) => set({ kind, settings: {} })}
      />
      <TextField
        id="channel-name"
        label={t('ui.name')}
        value={draft.name}
        change={(name) => set({ name })}
      />
      {fields_of[draft.kind].map((name) => (
        <SettingField
          key={name}
          name={name}
          known={channel !== null}
          value={draft.settings[name]}
          change={(value) => set({ settings: { ...draft.settings, [name]: value } })}
        />
      ))}
      <Field id="channel-rate" label={t('channels.rate')} hint={t('channels.rate_hint')}>
        <InputNumber
          id="channel-rate"
          min={0}
          max={10000}
          value={draft.rate_per_s}
          onChange={(rate) => set({ rate_per_s: rate ?? 0 })}
        />
      </Field>
      <SwitchField
        label={t('ui.on')}
        checked={draft.active}
        change={(active) => set({ active })}
      />
    </DrawerForm>
  );
}

function SettingField(props: {
  name: string;
  known: boolean;
  value: string | number | boolean | null | undefined;
  change: (value: string | number | null) => void;
}) {
  const t = useT();
  const label = useLabel();
  const { name, value, change } = props;
  const id = `channel-${name}`;
  if (secret.includes(name)) {
    return (
      <Field
        id={id}
        label={label('channels.setting', name)}
        hint={props.known ? t('channels.secret_kept') : undefined}
      >
        <Input.Password
          id={id}
          autoComplete="off"
          value={String(value ?? '')}
          onChange={(event) => change(event.target.value)}
        />
      </Field>
    );
  }
  const named = label('channels.setting', name);
  if (!numeric.includes(name))
    return <TextField id={id} label={named} value={String(value ?? '')} change={change} />;
  return (
    <Field id={id} label={named}>
      <InputNumber
        id={id}
        min={1}
        max={65535}
        value={typeof value === 'number' ? value : null}
        onChange={change}
      />
    </Field>
  );
}
