// How far back a question looks besides its period, where it can matter that old behaviour is not kept.

import type { EventPick, Split } from '@/api/question_types';
import type { Rule } from '@/rule/types';
import { metric_parts_of, picks_of, split_audiences, type Draft } from './draft';

// "firsts": who does something for the first time; "conditions": who fits a rule of the question.
export type Reach = 'firsts' | 'conditions';

export function reach_of(draft: Draft): Reach | null {
  if (asks_firsts(draft)) return 'firsts';
  const { audience, by } = draft.ask as { audience?: Rule; by?: Split };
  return split_audiences(by) || (audience && reaches_back(audience)) ? 'conditions' : null;
}

const is_first = ({ event }: EventPick) => event === '$new_customer';

function asks_firsts(draft: Draft): boolean {
  switch (draft.kind) {
    case 'retention':
      return Boolean(draft.ask.first_ever) || is_first(draft.ask.first);
    case 'lifecycle':
      return true; // who is new, and who comes back
    case 'metric':
      return metric_parts_of(draft.ask).some(is_first);
    default:
      return picks_of(draft).some(([, pick]) => is_first(pick));
  }
}

// Whether a condition on behaviour has no period. The rule of another audience is not known here.
export function reaches_back(rule: Rule): boolean {
  if ('all' in rule) return rule.all.some(reaches_back);
  if ('any' in rule) return rule.any.some(reaches_back);
  if ('not' in rule) return reaches_back(rule.not);
  if ('audience' in rule) return true;
  if ('event' in rule || 'sequence' in rule) return !rule.within && !rule.from && !rule.to;
  return false;
}
