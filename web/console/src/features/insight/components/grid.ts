// The grid of a board: twelve columns; tiles never overlap and rise as far as they can.

import type { Tile } from '@/api/types';

export const columns = 12;
export const row_height = 64;

type Box = Pick<Tile, 'x' | 'y' | 'w' | 'h'>;

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function fitted<T extends Box>(tile: T): T {
  const w = Math.min(Math.max(tile.w, 2), columns);
  return {
    ...tile,
    w,
    h: Math.max(tile.h, 2),
    x: Math.min(Math.max(tile.x, 0), columns - w),
    y: Math.max(tile.y, 0),
  };
}

// Places `moved` first, then every other tile below what it meets, then lets all rise.
export function arranged(tiles: Tile[], moved?: Tile): Tile[] {
  const first = moved && fitted(moved);
  const others = tiles.filter((tile) => tile.id !== first?.id).map(fitted);
  others.sort((a, b) => a.y - b.y || a.x - b.x);
  const placed: Tile[] = first ? [first] : [];
  for (const tile of others) placed.push(lowered(tile, placed));
  const risen: Tile[] = [];
  for (const tile of [...placed].sort((a, b) => a.y - b.y || a.x - b.x))
    risen.push(raised(tile, risen));
  const order = new Map(tiles.map((tile, i) => [tile.id, i]));
  return risen.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
}

function lowered(tile: Tile, placed: Tile[]): Tile {
  let at = tile;
  for (
    let hit = placed.find((one) => overlaps(one, at));
    hit;
    hit = placed.find((one) => overlaps(one, at))
  ) {
    at = { ...at, y: hit.y + hit.h };
  }
  return at;
}

function raised(tile: Tile, placed: Tile[]): Tile {
  let at = tile;
  while (at.y > 0 && !placed.some((one) => overlaps(one, { ...at, y: at.y - 1 }))) {
    at = { ...at, y: at.y - 1 };
  }
  return at;
}

export function height_of(tiles: Tile[]): number {
  return tiles.reduce((height, tile) => Math.max(height, tile.y + tile.h), 0);
}
