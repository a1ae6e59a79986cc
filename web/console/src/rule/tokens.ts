// The pieces of a rule's sentence: plain words, and chips that can be clicked.

import type { Language } from '@/api/types';

export type Slot =
  | 'tag'
  | 'compare'
  | 'measure'
  | 'event'
  | 'did'
  | 'period'
  | 'where'
  | 'step'
  | 'window'
  | 'reached'
  | 'audience'
  | 'org'
  | 'consent'
  | 'identity'
  | 'score'
  | 'negated';

export type Token =
  | { kind: 'text'; text: string }
  | {
      kind: 'chip';
      slot: Slot;
      text: string;
      index?: number; // which condition on a property, or which step
      missing?: boolean; // still to be chosen
      quiet?: boolean; // the usual value, which the plain sentence leaves out
    };

export const text = (words: string): Token => ({ kind: 'text', text: words });
export const chip = (slot: Slot, words: string, more: Partial<Token> = {}): Token =>
  ({ kind: 'chip', slot, text: words, ...more }) as Token;

// A chip that asks to be filled while the name is empty.
export function pick(slot: Slot, name: string, shown: string, language: Language): Token {
  if (name !== '') return chip(slot, shown);
  return chip(slot, language === 'zh' ? '请选择' : 'choose…', { missing: true });
}
