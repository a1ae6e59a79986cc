import { App, Input, Radio } from 'antd';
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
  const [unknown, set_unknown] = useState(settings.unknown_events);
  const keep = () =>
    save.mutate(
      { institution_name: name, unknown_events: unknown, version: settings.version },
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
            onChange={(event) => set_unknown(event.target.value as Settings['unknown_events'])}
          />
        </Field>
      </div>
    </Panel>
  );
}
