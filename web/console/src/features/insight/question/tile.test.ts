import { expect, test } from 'vitest';
import type { Tile, Vocabulary } from '@/api/types';
import { address_of_tile } from './tile';

const address = (question: unknown) =>
  address_of_tile({ question } as Tile, { tags: [], events: [] } as unknown as Vocabulary);

test('a tile of a page opens to that page with its question', () => {
  expect(
    address({ kind: 'acquisition', acquisition: { by: ['tag:origin'], within: '90d' } }),
  ).toBe('/insights/acquisition?within=90d&by=tag%3Aorigin');
  expect(address({ kind: 'returns', returns: { within: '30d' } })).toBe(
    '/insights/returns?within=30d',
  );
  expect(address({ kind: 'returns', returns: { campaign: 'cmp_1' } })).toBe('/campaigns/cmp_1');
  expect(address({ kind: 'products', products: { per: 'week', measure: 'value' } })).toBe(
    '/insights/products?per=week&measure=value',
  );
  expect(
    address({
      kind: 'activity',
      activity: { product: 'prd_1', within: '60d', audience: { org: '33' } },
    }),
  ).toBe('/insights/leagues?product=prd_1&below=33&units=manager');
});
