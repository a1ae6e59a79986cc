// From answers to what charts draw: shares, rows and nodes. Pure, so that each rule can be tested.

import type {
  AttributionAnswer,
  Cohort,
  FunnelStep,
  Group,
  PathLink,
  RetentionAnswer,
  Returned,
} from '@/api/question_types';

// Below so many people a share says little, so no answer is put into words.
export const least_people = 20;

export type FunnelRow = {
  count: number;
  of_first: number; // share of the people of step 1
  of_before: number; // share of the people of the step before
  dropped: number; // people who reached this step and not the next
  dropped_share: number;
  median_ms: number | null;
};

export function funnel_rows(steps: FunnelStep[]): FunnelRow[] {
  const first = steps[0]?.count ?? 0;
  return steps.map((step, i) => {
    const before = i === 0 ? step.count : steps[i - 1]!.count;
    const next = steps[i + 1]?.count ?? step.count;
    const dropped = Math.max(step.count - next, 0);
    return {
      count: step.count,
      of_first: first ? step.count / first : 0,
      of_before: before ? step.count / before : 0,
      dropped,
      dropped_share: step.count ? dropped / step.count : 0,
      median_ms: step.median_ms ?? null,
    };
  });
}

// The step (from 0) that the most people leave after, as a share of those who reached it.
export function steepest(rows: FunnelRow[]): number | null {
  if ((rows[0]?.count ?? 0) < least_people) return null;
  let at: number | null = null;
  for (let i = 0; i < rows.length - 1; i += 1) {
    const row = rows[i]!;
    if (row.count < least_people) continue;
    if (at === null || row.dropped_share > rows[at]!.dropped_share) at = i;
  }
  return at !== null && rows[at]!.dropped > 0 ? at : null;
}

// The curve of returns: only units that are over have a share.
export function retention_curve(one: Returned): (number | null)[] {
  return one.returned.map((count, k) => {
    const base = one.base ? one.base[k]! : one.size;
    return base > 0 ? count / base : null;
  });
}

export function cohort_share(cohort: Cohort, k: number): number | null {
  return cohort.size > 0 ? cohort.returned[k]! / cohort.size : null;
}

export const is_unfinished = (cohort: Cohort, k: number): boolean =>
  cohort.incomplete_from !== null &&
  cohort.incomplete_from !== undefined &&
  k >= cohort.incomplete_from;

// How far the latest finished cohort stands from the one before at unit `k`, in shares.
export function retention_trend(
  answer: RetentionAnswer,
  k: number,
): { share: number; change: number | null } | null {
  const finished = answer.cohorts.filter(
    (one) => one.size >= least_people && k < one.returned.length && !is_unfinished(one, k),
  );
  const last = finished.at(-1);
  if (!last) return null;
  const before = finished.at(-2);
  const share = cohort_share(last, k)!;
  return { share, change: before ? share - cohort_share(before, k)! : null };
}

export type SankeyNode = { id: string; depth: number; event: string | null; count: number };
export type SankeyFlow = { source: string; target: string; count: number };

const node_id = (depth: number, event: string | null) => `${depth}:${event ?? ''}`;

// Nodes by depth; what ended stands as a node of its own, so that every column adds up.
export function sankey_of(links: PathLink[]): { nodes: SankeyNode[]; flows: SankeyFlow[] } {
  const nodes = new Map<string, SankeyNode>();
  const incoming = new Map<string, number>();
  const outgoing = new Map<string, number>();
  const note = (depth: number, event: string | null) => {
    const id = node_id(depth, event);
    if (!nodes.has(id)) nodes.set(id, { id, depth, event, count: 0 });
    return id;
  };
  const add = (sums: Map<string, number>, id: string, count: number) =>
    sums.set(id, (sums.get(id) ?? 0) + count);
  const flows = links
    .filter((link) => link.count > 0)
    .map((link) => {
      const source = note(link.depth, link.from);
      const target = note(link.depth + 1, link.to);
      add(outgoing, source, link.count);
      add(incoming, target, link.count);
      return { source, target, count: link.count };
    });
  for (const node of nodes.values())
    node.count = Math.max(incoming.get(node.id) ?? 0, outgoing.get(node.id) ?? 0);
  return { nodes: [...nodes.values()], flows };
}

// Rows of two models side by side, in the order of the first.
export type ModelRow = {
  group: Group;
  first: number;
  second: number | null;
  touches: number;
  people: number;
  value: number | null;
};

export function model_rows(
  first: AttributionAnswer,
  second: AttributionAnswer | undefined,
): ModelRow[] {
  const key = (group: Group) => JSON.stringify(group);
  const others = new Map(second?.rows.map((row) => [key(row.group), row]));
  const known = new Set(first.rows.map((row) => key(row.group)));
  const rows = first.rows.map((row) => ({
    group: row.group,
    first: row.conversions,
    second: second ? (others.get(key(row.group))?.conversions ?? 0) : null,
    touches: row.touches,
    people: row.people,
    value: row.value,
  }));
  const rest = (second?.rows ?? [])
    .filter((row) => !known.has(key(row.group)))
    .map((row) => ({
      group: row.group,
      first: 0,
      second: row.conversions,
      touches: row.touches,
      people: row.people,
      value: 0,
    }));
  return [...rows, ...rest].sort((a, b) => b.first - a.first);
}

// The bucket that holds the most people (or rows).
export function largest<T>(rows: T[], size: (row: T) => number): number | null {
  let at: number | null = null;
  rows.forEach((row, i) => {
    if (size(row) > 0 && (at === null || size(row) > size(rows[at]!))) at = i;
  });
  return at;
}
