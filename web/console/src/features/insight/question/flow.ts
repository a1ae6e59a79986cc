// A Sankey diagram of paths: columns in the order of time, also when looked at backwards.

import type { PathLink, PathsAnswer } from '@/api/question_types';
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

// Paths stand in the order of time; from an end they are counted backwards.
const away_from = (events: string[], back: boolean) => (back ? [...events].reverse() : events);

type Nodes = { id: string; depth: number; event: string | null }[];

// The part of a path that a click means, from its start (or up to its end): the most frequent one that runs through what was clicked.
// Null where it is a merged or an ended node, which stands for no one event.
export function path_to(
  picked: { node: string } | { source: string; target: string },
  drawn: { nodes: Nodes },
  paths: PathsAnswer['paths'],
  back: boolean,
): string[] | null {
  const deepest = Math.max(...drawn.nodes.map((node) => node.depth), 0);
  const place = (id: string) => {
    const node = drawn.nodes.find((one) => one.id === id);
    return node ? { event: node.event, at: back ? deepest - node.depth : node.depth } : null;
  };
  const ids = 'node' in picked ? [picked.node] : [picked.source, picked.target];
  const wanted = ids.map(place);
  const known = wanted.filter((one) => one && one.event !== null && one.event !== '$other');
  if (known.length === 0 || wanted.some((one) => one?.event === '$other')) return null;
  const depth = Math.max(...known.map((one) => one!.at));
  const through = paths
    .map((path) => ({ count: path.count, away: away_from(path.events, back) }))
    .filter(({ away }) => known.every((one) => away[one!.at] === one!.event))
    .sort((a, b) => b.count - a.count)[0];
  return through ? away_from(through.away.slice(0, depth + 1), back) : null;
}
