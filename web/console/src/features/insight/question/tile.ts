// A metric as it stands in the tile of a board.

import type { Tile } from '@/api/types';
import type { Draft, DraftOf } from './draft';

// Boards answer metrics; the server refuses tiles of other kinds.
export const fits_board = (draft: Draft): draft is DraftOf<'metric'> => draft.kind === 'metric';

export function tile_chart({ ask }: DraftOf<'metric'>): Tile['chart'] {
  if (ask.per !== 'total') return 'line';
  return ask.by?.length ? 'bar' : 'number';
}
