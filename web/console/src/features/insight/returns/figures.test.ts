import { expect, test } from 'vitest';
import type { CampaignReturn } from '@/api/types';
import { compared, count_of } from './figures';

const row = (campaign: string, per_acquired: number | null, per_activated: number | null = null) =>
  ({
    ...{ campaign, acquired: 3, activated: null },
    returns: { per_acquired, per_activated, per_incremental: null, incremental: 41.6 },
  }) as CampaignReturn;

test('campaigns are compared by what an acquired customer cost; who won nobody is left out', () => {
  const rows = [row('dear', 9), row('none', null), row('woke', null, 2), row('cheap', 1)];
  expect(compared(rows).map((one) => one.campaign)).toEqual(['cheap', 'dear', 'woke']);
});

test('incremental customers are about so many', () => {
  expect(count_of(row('a', 1), 'incremental')).toBe(42);
  expect(count_of(row('a', 1), 'activated')).toBeNull();
});
