// What a campaign's customers cost, as plain figures for the picture.

import type { CampaignReturn } from '@/api/types';

export const won = ['acquired', 'activated', 'incremental'] as const;
export type Won = (typeof won)[number];

export const cost_of = (row: CampaignReturn, of: Won): number | null => row.returns[`per_${of}`];

// How many; of the incremental ones about so many. Nothing where it is not known.
export function count_of(row: CampaignReturn, of: Won): number | null {
  if (of !== 'incremental') return row[of];
  const { incremental } = row.returns;
  return incremental === null ? null : Math.round(incremental);
}

// The picture compares campaigns that tell a cost, the cheapest acquired customer first; those that
// acquired nobody stand at the end, as they came.
export function compared(rows: CampaignReturn[]): CampaignReturn[] {
  const price = (row: CampaignReturn) => cost_of(row, 'acquired') ?? Infinity;
  return rows
    .filter((row) => won.some((of) => cost_of(row, of) !== null))
    .sort((a, b) => (price(a) === price(b) ? 0 : price(a) - price(b)));
}
