// What heat maps, effort and entries show, as plain figures.

import type {
  ClickedElement,
  EntryRow,
  FunctionEffort,
  ScreenDepth,
  TapSpread,
} from '@/api/types';

export type Release = 'now' | 'before';

export type Spot = {
  element: string;
  label: string | null;
  clicks: number;
  share: number;
  x: number;
  y: number;
  size: number; // of its disc, a share of the largest one's diameter
  heat: number; // 0…1
};

// What stands on the drawn screen: elements that were clicked and carry a place. The area of a disc follows
// the clicks; heat is against the most clicked element of both sides, so that pictures can be compared.
export function spots_of(elements: ClickedElement[], release: Release): Spot[] {
  const shares = elements.flatMap((one) => [one.now.share ?? 0, one.before?.share ?? 0]);
  const top = Math.max(...shares, 1e-9);
  return elements.flatMap((one) => {
    const side = one[release];
    if (!side || !side.clicks || side.x === null || side.y === null) return [];
    const share = side.share ?? 0;
    return [
      {
        ...{ element: one.element, label: one.label, clicks: side.clicks, share },
        ...{ x: side.x, y: side.y },
        size: Math.max(Math.sqrt(share / top), 0.5),
        heat: share / top,
      },
    ];
  });
}

// "3", "3 (2–5)"; nothing of nothing.
export function spread_text(taps: TapSpread): string | null {
  if (taps.median === null) return null;
  return taps.low === taps.high ? `${taps.median}` : `${taps.median} (${taps.low}–${taps.high})`;
}

// Each step against the one before it, and the last against the first.
export function rates_of(steps: EntryRow['steps']): { of_before: (number | null)[]; whole: number | null } {
  const rate = (part: number, base: number) => (base ? part / base : null);
  return {
    of_before: steps.map((count, i) => (i === 0 ? null : rate(count, steps[i - 1]!))),
    whole: rate(steps.at(-1) ?? 0, steps[0] ?? 0),
  };
}

// The version that came before, of those that the clicks carry, the latest to appear first.
export const version_before = (versions: { version: string }[], version: string): string =>
  versions[versions.findIndex((one) => one.version === version) + 1]?.version ?? '';

// ---- the pictures ----

// The entry that brings the largest part of those who saw it to the end comes first; of equal ones
// the one that more saw.
export function by_efficiency(rows: EntryRow[]): EntryRow[] {
  const whole = (row: EntryRow) => rates_of(row.steps).whole ?? -1;
  return [...rows].sort((a, b) => whole(b) - whole(a) || (b.steps[0] ?? 0) - (a.steps[0] ?? 0));
}

// Functions that were finished, the longest way first.
export function by_taps(functions: FunctionEffort[]): FunctionEffort[] {
  return functions
    .filter((one) => one.now.taps.median !== null)
    .sort((a, b) => b.now.taps.median! - a.now.taps.median!);
}

// The least used first: what nobody uses is what one looks for.
export function by_use(functions: FunctionEffort[]): FunctionEffort[] {
  return [...functions].sort((a, b) => a.now.people - b.now.people);
}

// Screens by the share of the visits that met them deep, the largest first.
export const deep_share = ({ now }: Pick<ScreenDepth, 'now'>): number =>
  now.visits ? now.deep_visits / now.visits : 0;
export function by_depth(screens: ScreenDepth[]): ScreenDepth[] {
  return screens
    .filter((one) => one.now.visits > 0)
    .sort((a, b) => deep_share(b) - deep_share(a) || b.now.visits - a.now.visits);
}
