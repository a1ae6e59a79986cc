// A span of time in a chip: a window, a pause, a half-life. Those that may be left out can be taken away.

import { Button } from 'antd';
import { useT } from '@/i18n';
import { DurationEditor } from '@/ui/builder/period_editor';
import { is_only_end, with_ask, without_end, type PathEnd } from '../question/draft';
import type { SlotProps } from './slot_editor';

export function SpanEditor({ slot, draft, edit, done }: SlotProps) {
  const t = useT();
  const value = ((draft.ask as Record<string, unknown>)[slot] as string | undefined) ?? '7d';
  const may_go = draft.kind === 'paths' && !is_only_end(draft, slot as PathEnd);
  return (
    <>
      <DurationEditor
        value={value}
        change={(next) => edit(with_ask(draft, { [slot]: next }), slot)}
        done={done}
      />
      {may_go && (
        <Button
          size="small"
          type="text"
          danger
          onClick={() => {
            edit(without_end(draft, slot as PathEnd));
            done();
          }}
        >
          {t('question.take_away')}
        </Button>
      )}
    </>
  );
}
