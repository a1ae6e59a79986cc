// The audiences that a question is split by: a group for each, and one for those in none.

import { Button, Select } from 'antd';
import { useT } from '@/i18n';
import { split_audiences, with_ask, type DraftOf } from '../question/draft';
import type { SlotProps } from './slot_editor';

const most_audiences = 10;

export function AudiencesEditor({ slot, draft, edit, vocabulary, done }: SlotProps) {
  const t = useT();
  const { by } = (draft as DraftOf<'metric' | 'funnel' | 'retention'>).ask;
  return (
    <div className="chip-form wide">
      <Select
        mode="multiple"
        autoFocus
        style={{ width: '100%' }}
        aria-label={t('question.audiences_label')}
        optionFilterProp="label"
        maxCount={most_audiences}
        value={split_audiences(by) ?? []}
        options={vocabulary.audiences.map((one) => ({ value: one.id, label: one.name }))}
        onChange={(audiences: string[]) =>
          edit(with_ask(draft, { by: audiences.length ? { audiences } : undefined }), slot)
        }
      />
      <p className="soft small">{t('question.in_several')}</p>
      <Button type="primary" size="small" onClick={done}>
        {t('ui.done')}
      </Button>
    </div>
  );
}
