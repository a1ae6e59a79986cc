// The formula of a metric: typed, with the parts and signs as buttons; a fault shows its place while
// it is typed.

import { Button, Input, type InputRef } from 'antd';
import { useRef } from 'react';
import { useT } from '@/i18n';
import { metric_parts_of, with_parts } from '../question/draft';
import { fault_of, letter_of } from '../question/formula';
import { event_name, measure_text } from '../question/sentence';
import type { SlotProps } from './slot_editor';

const signs = ['+', '−', '×', '÷', '(', ')'];

export function FormulaEditor({ slot, draft, edit, words, done }: SlotProps) {
  const t = useT();
  const field = useRef<InputRef>(null);
  if (draft.kind !== 'metric') return null;
  const parts = metric_parts_of(draft.ask);
  const formula = draft.ask.formula ?? '';
  const fault = fault_of(formula, parts.length);
  const set = (next: string) => edit(with_parts(draft, parts, next), slot);
  const insert = (piece: string) => {
    const input = field.current?.input;
    const from = input?.selectionStart ?? formula.length;
    const until = input?.selectionEnd ?? from;
    set(formula.slice(0, from) + piece + formula.slice(until));
    requestAnimationFrame(() => {
      field.current?.focus();
      input?.setSelectionRange(from + piece.length, from + piece.length);
    });
  };
  return (
    <div className="chip-form wide">
      <Input
        ref={field}
        autoFocus
        value={formula}
        aria-label={t('question.formula')}
        aria-describedby="formula-fault"
        status={fault ? 'error' : undefined}
        maxLength={400}
        spellCheck={false}
        className="mono"
        onChange={(event) => set(event.target.value)}
        onPressEnter={(event) => {
          event.preventDefault(); // else it presses the chip that gets the focus back
          if (!fault) done();
        }}
      />
      <p id="formula-fault" className={fault ? 'error small' : 'soft small'} aria-live="polite">
        {fault
          ? t(`question.formula.${fault.what}`, { at: fault.at, part: fault.part ?? '' })
          : t('question.formula.fine')}
      </p>
      <div className="row wrap">
        {parts.map((part, i) => (
          <Button
            key={i}
            size="small"
            title={`${event_name(part.event, words)} · ${measure_text(part.measure, part.event, words)}`}
            onClick={() => insert(letter_of(i))}
          >
            {letter_of(i)}
          </Button>
        ))}
        {signs.map((sign) => (
          <Button key={sign} size="small" type="text" onClick={() => insert(sign)}>
            {sign}
          </Button>
        ))}
      </div>
      <Button type="primary" size="small" disabled={fault !== null} onClick={done}>
        {t('ui.done')}
      </Button>
    </div>
  );
}
