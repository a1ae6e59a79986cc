import { App, Input, InputNumber, Radio } from 'antd';
import { useState } from 'react';
import type { Settings } from '@/api/types';
import { useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Field, Panel } from '@/ui/page';
import { Loaded, useProblemText } from '@/ui/states';
import { useSaveSettings, useSettings } from '../api/settings';

export default function General() {
  const settings = useSettings();
  return <Loaded of={settings}>{(one) => <Editor settings={one} />}</Loaded>;
}

function Editor({ settings }: { settings: Settings }) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const save = useSaveSettings();
  const [name, set_name] = useState(settings.institution_name);
  const [unknown, set_unknown] = useState<'accept' | 'refuse'>(
    settings.unknown_events === 'refuse' ? 'refuse' : 'accept',
  );
  const [history_months, set_history_months] = useState(settings.history_months);
  const [index_months, set_index_months] = useState(settings.index_months);
  const keep = () =>
    save.mutate(
      {
        institution_name: name,
        unknown_events: unknown,
        history_months,
        index_months,
        version: settings.version,
      },
      {
        onSuccess: () => void message.success(t('ui.saved')),
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  return (
    <Panel
      title={t('settings.general')}
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
      <div className="fields" style={{ maxWidth: 520 }}>
        <Field id="institution" label={t('general.institution')}>
          <Input id="institution" value={name} onChange={(event) => set_name(event.target.value)} />
        </Field>
        <Field label={t('general.time_zone')} hint={t('general.time_zone_hint')}>
          <span>{settings.time_zone}</span>
        </Field>
        <Field label={t('general.unknown')} hint={t(`general.unknown_hint.${unknown}`)}>
          <Radio.Group
            aria-label={t('general.unknown')}
            value={unknown}
            options={(['accept', 'refuse'] as const).map((one) => ({
              value: one,
              label: t(`general.unknown.${one}`),
            }))}
            onChange={(event) => set_unknown(event.target.value as 'accept' | 'refuse')}
          />
        </Field>
        <Field
          id="history_months"
          label={t('general.history_months')}
          hint={t('general.history_months_hint')}
        >
          <InputNumber
            id="history_months"
            min={0}
            max={1200}
            precision={0}
            value={history_months}
            onChange={(months) => set_history_months(months ?? 0)}
          />
        </Field>
        <Field
          id="index_months"
          label={t('general.index_months')}
          hint={t('general.index_months_hint')}
        >
          <InputNumber
            id="index_months"
            min={0}
            max={1200}
            precision={0}
            value={index_months}
            onChange={(months) => set_index_months(months ?? 0)}
          />
        </Field>
      </div>
    </Panel>
  );
}
