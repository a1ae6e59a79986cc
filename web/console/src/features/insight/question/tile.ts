// A question as it stands in the tile of a board.

import type { Tile, TileChart, Vocabulary } from '@/api/types';
import { fragment_of } from './address';
import type { Draft } from './draft';

export const draft_of_tile = ({ question }: Pick<Tile, 'question'>): Draft =>
  ({
    kind: question.kind,
    ask: (question as Record<string, unknown>)[question.kind],
  }) as unknown as Draft;

export const question_of = ({ kind, ask }: Draft): Tile['question'] =>
  ({ kind, [kind]: ask }) as unknown as Tile['question'];

// Only a metric is drawn in more ways than one.
export function tile_chart(draft: Draft): TileChart {
  if (draft.kind !== 'metric') return 'auto';
  if (draft.ask.per !== 'total') return 'line';
  return draft.ask.by?.length ? 'bar' : 'number';
}

export const address_of_tile = (tile: Tile, vocabulary: Vocabulary): string => {
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
