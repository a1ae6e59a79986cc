// Several events in one chip: those that a path is made of, or those it leaves out.

import { Button, Select } from 'antd';
import { useT } from '@/i18n';
import { with_ask } from '../question/draft';
import { event_name } from '../question/sentence';
import type { SlotProps } from './slot_editor';

export function EventsEditor({ slot, draft, edit, vocabulary, words, done }: SlotProps) {
  const t = useT();
  const chosen = ((draft.ask as Record<string, unknown>)[slot] as string[] | undefined) ?? [];
  return (
    <div className="chip-form wide">
      <Select
        mode="multiple"
        autoFocus
        style={{ width: '100%' }}
        aria-label={t('question.events_label')}
        optionFilterProp="label"
        value={chosen}
        options={vocabulary.events.map((one) => ({
          value: one.name,
          label: event_name(one.name, words),
        }))}
        onChange={(events: string[]) =>
          edit(with_ask(draft, { [slot]: events.length ? events : undefined }), slot)
        }
      />
      <Button type="primary" size="small" onClick={done}>
        {t('ui.done')}
      </Button>
    </div>
  );
}
