// What a chain of acquisition shows: each step beside the one before.

import type { AcquisitionAnswer, AcquisitionCounts } from '@/api/types';

export const step_names = ['visitor', 'user', 'customer', 'transacting', 'loyal'] as const;
export type StepName = (typeof step_names)[number];

export type ChainStep = {
  name: StepName;
  step: number; // from 1
  count: number;
  stopped: number; // here: reached this step and not the next one
  share: number; // of the visitors
  of_before: number | null; // of the step before
  cost: number | null; // for each
};

export function chain_of(counts: AcquisitionCounts): ChainStep[] {
  const { people } = counts;
  const visitors = people[0] ?? 0;
  return step_names.map((name, i) => {
    const count = people[i] ?? 0;
    const before = i > 0 ? (people[i - 1] ?? 0) : 0;
    return {
      name,
      step: i + 1,
      count,
      stopped: i + 1 < step_names.length ? count - (people[i + 1] ?? 0) : 0,
      share: visitors > 0 ? count / visitors : 0,
      of_before: before > 0 ? count / before : null,
      cost: counts.cost_per[i] ?? null,
    };
  });
}

type Row = AcquisitionAnswer['origins'][number];

// The origin with the cheapest customers among those that brought any, for the sentence above the
// picture; none where nothing was spent or only one brought any.
export function cheapest(answer: AcquisitionAnswer, step: StepName): Row | null {
  const at = step_names.indexOf(step);
  const paid = answer.origins.filter(
    (row) => (row.people[at] ?? 0) > 0 && row.spending > 0 && row.group[0] !== null,
  );
  if (paid.length < 2) return null;
  return paid.reduce((best, row) => (row.cost_per[at]! < best.cost_per[at]! ? row : best));
}
