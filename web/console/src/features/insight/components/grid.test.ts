import { expect, test } from 'vitest';
import type { Tile } from '@/api/types';
import { arranged, overlaps } from './grid';

const tile = (id: string, x: number, y: number, w = 4, h = 2): Tile => ({
  id,
  x,
  y,
  w,
  h,
  title: id,
  title_zh: id,
  chart: 'number',
  question: { kind: 'metric', metric: { event: 'e', measure: 'count', per: 'total' } },
});
const none_overlap = (tiles: Tile[]) =>
  tiles.every((a) => tiles.every((b) => a.id === b.id || !overlaps(a, b)));

test('a tile that is put on another pushes it down', () => {
  const tiles = [tile('a', 0, 0), tile('b', 4, 0)];
  const next = arranged(tiles, { ...tiles[1]!, x: 0 });
  expect(next.find((one) => one.id === 'b')).toMatchObject({ x: 0, y: 0 });
  expect(next.find((one) => one.id === 'a')).toMatchObject({ x: 0, y: 2 });
});

test('tiles rise into the room above them', () => {
  expect(arranged([tile('a', 0, 9)])[0]).toMatchObject({ y: 0 });
});

test('a tile stays inside the grid and keeps a least size', () => {
  const [only] = arranged([tile('a', 0, 0)], tile('a', 11, -3, 20, 0));
  expect(only).toMatchObject({ x: 0, y: 0, w: 12, h: 2 });
});

test('whatever is moved wherever, none overlap and the order of reading stays', () => {
  let tiles = [tile('a', 0, 0), tile('b', 4, 0), tile('c', 8, 0, 4, 4), tile('d', 0, 2, 8, 4)];
  for (let step = 0; step < 200; step += 1) {
    const moved = tiles[step % 4]!;
    tiles = arranged(tiles, {
      ...moved,
      x: (step * 7) % 12,
      y: (step * 5) % 9,
      w: 2 + (step % 6),
      h: 2 + (step % 3),
    });
    expect(none_overlap(tiles)).toBe(true);
    expect(tiles.map((one) => one.id)).toEqual(['a', 'b', 'c', 'd']);
  }
});
