// The moves between the stages of a model as a Sankey of two columns.

import type { StageAnswer, StageModel } from '@/api/types';
import { no_stage } from '../api/stages';

// Of the stages in the answer's order: the lowest first, then those in none.
export const keys_of = (model: StageModel) => [...model.stages.map((one) => one.key), no_stage];

// The highest stage stands at the top, those in none at the bottom; who is in none before and after
// is left out.
export function drawn_flow(answer: StageAnswer, keys: string[], names: string[]) {
  const none = keys.length - 1;
  const order = [...keys.slice(0, none).map((_, i) => i).reverse(), none];
  const flows = order.flatMap((from) =>
    order
      .filter((to) => (answer.flows[from]?.[to] ?? 0) > 0 && !(from === none && to === none))
      .map((to) => ({
        source: `from ${keys[from]}`,
        target: `to ${keys[to]}`,
        count: answer.flows[from]![to]!,
      })),
  );
  const count = (id: string, end: 'source' | 'target') =>
    flows.filter((one) => one[end] === id).reduce((sum, one) => sum + one.count, 0);
  const nodes = (['from', 'to'] as const).flatMap((side, depth) =>
    order
      .map((stage) => ({
        id: `${side} ${keys[stage]}`,
        name: names[stage]!,
        depth,
        count: count(`${side} ${keys[stage]}`, side === 'from' ? 'source' : 'target'),
        quiet: stage === none,
        colour: stage,
      }))
      .filter((node) => node.count > 0),
  );
  return { nodes, flows };
}
