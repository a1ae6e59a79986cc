// What the "+" buttons of a question do: each adds its part with the usual value, and opens the chip
// that is to be chosen.

import type { AttributionModel } from '@/api/question_types';
import type { Vocabulary } from '@/api/types';
import { metric_parts_of, with_ask, with_parts, type Draft } from '../question/draft';
import { numeric_properties, splits_of } from './choices';

export function accept_offer(
  draft: Draft,
  slot: string,
  vocabulary: Vocabulary,
): { next: Draft; opens: string | null } {
  const ask = draft.ask as Record<string, unknown>;
  const added = (part: Record<string, unknown>, opens: string | null) => ({
    next: with_ask(draft, part),
    opens,
  });
  if (slot === 'by') {
    const by = (ask.by as string[] | undefined) ?? [];
    const next = splits_of(draft, vocabulary).find((one) => !by.includes(one));
    if (!next) return { next: draft, opens: null };
    return added({ by: [...by, next] }, `by.${by.length}`);
  }
  if (slot === 'audiences') {
    const first = vocabulary.audiences.slice(0, 1).map((one) => one.id);
    if (first.length === 0) return { next: draft, opens: null };
    return added({ by: { audiences: first } }, 'audiences');
  }
  if (slot === 'gap') return added({ gap: '30m' }, 'gap');
  if (slot === 'window') return added({ window: '1h' }, 'window');
  if (slot === 'parts' && draft.kind === 'metric') {
    const parts = metric_parts_of(draft.ask);
    const formula = draft.ask.parts ? (draft.ask.formula ?? '') : 'A / B';
    const opens = `parts.${parts.length}`;
    return { next: with_parts(draft, [...parts, { event: '', measure: 'count' }], formula), opens };
  }
  if (slot === 'compare') return added({ compare: 'period' }, 'compare');
  if (slot === 'top') return added({ top: 5 }, 'top');
  if (slot === 'average') return added({ average: ask.per === 'day' ? 7 : 4 }, 'average');
  if (slot === 'per') return added({ per: 'week' }, null);
  if (slot === 'steps' || slot === 'touches') {
    const list = ask[slot] as unknown[];
    return added({ [slot]: [...list, { event: '' }] }, `${slot}.${list.length}`);
  }
  if (slot === 'exclude') return added({ exclude: [{ event: '', after: 1 }] }, 'exclude.0');
  if (slot === 'hold') {
    const own = splits_of(draft, vocabulary).find((one) => !one.startsWith('tag:'));
    return added({ hold: own }, own ? 'hold' : null);
  }
  if (slot === 'only' || slot === 'leave_out') {
    const first = vocabulary.events[0]?.name;
    return added({ [slot]: first ? [first] : undefined }, slot);
  }
  if (slot === 'second' && draft.kind === 'attribution') {
    const second: AttributionModel = draft.ask.model === 'first' ? 'last' : 'first';
    return { next: { ...draft, second }, opens: null };
  }
  if (slot === 'value' && draft.kind === 'attribution') {
    const value = numeric_properties(draft.ask.goal.event, vocabulary)[0]?.name;
    return added(
      { goal: { ...draft.ask.goal, ...(value ? { value } : {}) } },
      value ? 'value' : null,
    );
  }
  return { next: draft, opens: null };
}
