// A Sankey diagram of paths: columns in the order of time, also when looked at backwards.

import type { PathLink, PeopleSelector } from '@/api/question_types';
import { sankey_of, type SankeyFlow, type SankeyNode } from './figures';

export function flow_of(
  links: PathLink[],
  back: boolean,
): { nodes: SankeyNode[]; flows: SankeyFlow[] } {
  const flow = sankey_of(links);
  if (!back) return flow;
  const deepest = Math.max(...flow.nodes.map((node) => node.depth), 0);
  return {
    nodes: flow.nodes.map((node) => ({ ...node, depth: deepest - node.depth })),
    flows: flow.flows.map(({ source, target, count }) => ({
      source: target,
      target: source,
      count,
    })),
  };
}

// Room for the fullest column.
export function flow_height(nodes: { depth: number }[], narrow: boolean): number {
  const columns = new Map<number, number>();
  for (const node of nodes) columns.set(node.depth, (columns.get(node.depth) ?? 0) + 1);
  return Math.max(Math.max(...columns.values(), 1) * (narrow ? 44 : 48), 260);
}

type Nodes = { id: string; depth: number; event: string | null }[];
export type Picked = { node: string } | { source: string; target: string };
export type PathPart = Pick<PeopleSelector, 'node' | 'link'>;

// What a click on the drawing means: the node or the link as the answer tells them, whose depth
// counts from the start, or back from the end. What others were merged into is one of them, too.
export function part_of(picked: Picked, nodes: Nodes, back: boolean): PathPart | null {
  const deepest = Math.max(...nodes.map((node) => node.depth), 0);
  const place = (id: string) => {
    const node = nodes.find((one) => one.id === id);
    return node && { depth: back ? deepest - node.depth : node.depth, event: node.event };
  };
  if ('node' in picked) {
    const node = place(picked.node);
    return node ? { node } : null;
  }
  const ends = [place(picked.source), place(picked.target)];
  const [from, to] = back ? ends.reverse() : ends;
  if (!from || !to || from.event === null) return null;
  return { link: { depth: from.depth, from: from.event, to: to.event } };
}
