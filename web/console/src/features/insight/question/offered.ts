// What may be added to a question: what it does not have yet, within its limits.

import type { Split } from '@/api/question_types';
import type { MessageKey } from '@/i18n';
import { metric_parts_of, split_audiences, split_names, type Draft } from './draft';
import type { Offer, Words } from './sentence_parts';

const most_steps = 20;
const most_parts = 10;
const most_splits = 3;

export function offers_of(draft: Draft, { t }: Words): Offer[] {
  const offer = (slot: string, present: unknown): Offer[] => {
    const has = Array.isArray(present) ? present.length > 0 : Boolean(present);
    return has ? [] : [{ slot, text: t(`question.offer.${slot}` as MessageKey) }];
  };
  const named = split_names((draft.ask as { by?: Split }).by);
  switch (draft.kind) {
    case 'metric':
      return [
        { slot: 'parts', text: t(`question.offer.${draft.ask.parts ? 'part' : 'formula'}`) },
        ...offer('by', split_audiences(draft.ask.by) ?? named.length >= most_splits),
        ...offer('audiences', draft.ask.by),
        ...(named.length ? offer('top', draft.ask.top) : []),
        ...(draft.ask.per === 'total' ? [] : offer('average', draft.ask.average)),
        ...offer('compare', draft.ask.compare),
      ].filter((one) => one.slot !== 'parts' || metric_parts_of(draft.ask).length < most_parts);
    case 'funnel':
      return [
        ...offer('steps', draft.ask.steps.length >= most_steps),
        ...offer('by', draft.ask.by),
        ...offer('audiences', draft.ask.by),
        ...offer('per', draft.ask.per),
        ...offer('hold', draft.ask.hold),
        ...offer('exclude', draft.ask.exclude),
      ];
    case 'retention':
      return [...offer('by', draft.ask.by), ...offer('audiences', draft.ask.by)];
    case 'paths':
      return [
        ...offer('gap', draft.ask.gap),
        ...offer('window', draft.ask.window),
        ...offer('hold', draft.ask.hold),
        ...offer('only', draft.ask.only),
        ...offer('leave_out', draft.ask.leave_out),
      ];
    case 'attribution':
      return [
        ...offer('touches', draft.ask.touches.length >= most_steps),
        ...offer('value', draft.ask.goal.value),
        ...offer('second', draft.second),
      ];
    default:
      return [];
  }
}
