// A question as it stands in the tile of a board.

import type { PageKind, PageQuestions } from '@/api/question_types';
import type { Tile, TileChart, Vocabulary } from '@/api/types';
import { fragment_of } from './address';
import { is_split, type Draft } from './draft';

export const draft_of_tile = ({ question }: Pick<Tile, 'question'>): Draft =>
  ({
    kind: question.kind,
    ask: (question as Record<string, unknown>)[question.kind],
  }) as unknown as Draft;

export type PageAsk = { [K in PageKind]: { kind: K; ask: PageQuestions[K] } }[PageKind];
const page_kinds: string[] = [
  'league',
  'entries',
  'stages',
  'acquisition',
  'returns',
  'products',
  'activity',
] satisfies PageKind[];

// What a tile asks that has a page of its own; null where it is a question of the questions page.
export const page_ask_of = (tile: Pick<Tile, 'question'>): PageAsk | null =>
  page_kinds.includes(tile.question.kind) ? (draft_of_tile(tile) as unknown as PageAsk) : null;

export const question_of = ({ kind, ask }: Draft | PageAsk): Tile['question'] =>
  ({ kind, [kind]: ask }) as unknown as Tile['question'];

// Only a metric is drawn in more ways than one.
export function tile_chart(draft: Draft): TileChart {
  if (draft.kind !== 'metric') return 'auto';
  if (draft.ask.per !== 'total') return 'line';
  return is_split(draft.ask.by) ? 'bar' : 'number';
}

const said = (parts: Record<string, string | null | undefined>): string =>
  new URLSearchParams(
    Object.entries(parts).filter((one): one is [string, string] => Boolean(one[1])),
  ).toString();

// The unit to which the curve of a product is limited.
const org_of = (audience: unknown): string | undefined =>
  (audience as { org?: string } | null | undefined)?.org;

export function address_of_page(page: PageAsk): string {
  switch (page.kind) {
    case 'league': {
      const { product, per, at, units, measure, below } = page.ask;
      return `/insights/leagues?${said({ product, per, at, units, measure, below })}`;
    }
    case 'entries': {
      const { product, by, window, within } = page.ask;
      return `/insights/entries?${said({ product, by: by[0], window, within })}`;
    }
    case 'stages':
      return `/stages/${page.ask.model}?${said({ within: page.ask.within })}`;
    case 'acquisition':
      return `/insights/acquisition?${said({ within: page.ask.within, by: page.ask.by?.[0] })}`;
    case 'returns':
      return page.ask.campaign
        ? `/campaigns/${page.ask.campaign}`
        : `/insights/returns?${said({ within: page.ask.within })}`;
    case 'products': {
      const { per, at, measure } = page.ask;
      return `/insights/products?${said({ per, at, measure })}`;
    }
    case 'activity': {
      const { product, audience } = page.ask;
      const below = org_of(audience);
      return `/insights/leagues?${said({ product, below, units: below && 'manager' })}`;
    }
  }
}

export const address_of_tile = (tile: Tile, vocabulary: Vocabulary): string => {
  const page = page_ask_of(tile);
  if (page) return address_of_page(page);
  const draft = draft_of_tile(tile);
  return `/insights/questions/${draft.kind}${fragment_of(draft, vocabulary)}`;
};

export const refreshes = ['manual', '1m', '15m', '1h', '1d'] as const;
export type TileRefresh = (typeof refreshes)[number];
export const usual_refresh: TileRefresh = '15m';

const minute_ms = 60_000;
const every_ms: Record<TileRefresh, number> = {
  manual: Infinity,
  '1m': minute_ms,
  '15m': 15 * minute_ms,
  '1h': 60 * minute_ms,
  '1d': 24 * 60 * minute_ms,
};
export const refresh_ms = (tile: Pick<Tile, 'refresh'>): number =>
  every_ms[tile.refresh ?? usual_refresh];
