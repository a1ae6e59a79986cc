// How far back a question looks besides its period, where it can matter that old behaviour is not kept.

import type { EventPick, Split } from '@/api/question_types';
import { reaches_back } from '@/rule/reach';
import type { Rule } from '@/rule/types';
import { metric_parts_of, picks_of, split_audiences, type Draft } from './draft';

// "firsts": who does something for the first time; "conditions": who fits a rule of the question.
export type Reach = 'firsts' | 'conditions';

export function reach_of(draft: Draft): Reach[] {
  const reach: Reach[] = asks_firsts(draft) ? ['firsts'] : [];
  const { audience, by } = draft.ask as { audience?: Rule; by?: Split };
  if (split_audiences(by) || (audience && reaches_back(audience))) reach.push('conditions');
  return reach;
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
