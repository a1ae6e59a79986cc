// One refused record as it was sent, to be mended and sent in again.

import { App, Drawer, Input } from 'antd';
import { useState } from 'react';
import type { Quarantined } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Facts, Field } from '@/ui/page';
import { When } from '@/ui/show';
import { Failure } from '@/ui/states';
import { useDrop, useReplay } from '../api/quarantine';

function parsed(text: string): { record: unknown } | { wrong: string } {
  try {
    return { record: JSON.parse(text) as unknown };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

export function RecordDrawer({ one, close }: { one: Quarantined; close: () => void }) {
  const t = useT();
  const label = useLabel();
  const { message } = App.useApp();
  const replay = useReplay();
  const drop = useDrop();
  const first = JSON.stringify(one.record, null, 2);
  const [text, set_text] = useState(first);
  const result = parsed(text);
  const wrong = 'wrong' in result ? result.wrong : null;
  const again = () =>
    replay.mutate(
      { id: one.id, record: text === first || 'wrong' in result ? undefined : result.record },
      {
        onSuccess: () => {
          void message.success(t('quarantine.replayed'));
          close();
        },
      },
    );
  const is_open = one.status === 'open';
  return (
    <Drawer
      open
      onClose={close}
      title={label('problem', one.reason, { detail: '' })}
      size={600}
      footer={
        <div className="row end">
          <Act
            may="import_data"
            danger
            blocked={!is_open && t('quarantine.settled')}
            loading={drop.isPending}
            onClick={() => drop.mutate(one.id, { onSuccess: close })}
          >
            {t('quarantine.drop')}
          </Act>
          <Act
            may="import_data"
            type="primary"
            blocked={(!is_open && t('quarantine.settled')) || (wrong && t('quarantine.bad_json'))}
            loading={replay.isPending}
            onClick={again}
          >
            {t(text === first ? 'quarantine.replay' : 'quarantine.replay_mended')}
          </Act>
        </div>
      }
    >
      <div className="stack">
        {replay.error && <Failure error={replay.error} inline />}
        <Facts
          rows={[
            [t('quarantine.why'), one.detail],
            ...(one.pointer
              ? ([[t('quarantine.where'), <code key="p">{one.pointer}</code>]] as [
                  string,
                  React.ReactNode,
                ][])
              : []),
            [t('quarantine.source'), one.source],
            [t('quarantine.at'), <When key="w" at={one.at} exact />],
          ]}
        />
        <Field
          id="record"
          label={t('quarantine.record')}
          error={wrong && `${t('quarantine.bad_json')} ${wrong}`}
        >
          <Input.TextArea
            id="record"
            className="mono"
            spellCheck={false}
            readOnly={!is_open}
            autoSize={{ minRows: 12, maxRows: 28 }}
            value={text}
            onChange={(event) => set_text(event.target.value)}
          />
        </Field>
      </div>
    </Drawer>
  );
}
