import { expect, test } from 'vitest';
import { read_written, write, type Written } from './written';

const again = (what: Written, text: string) => write(what, read_written(what, text));

test('what a field keeps is read and written the same', () => {
  expect(again('day', '2026-10-01')).toBe('2026-10-01');
  expect(again('moment', '2026-10-01T09:05')).toBe('2026-10-01T09:05');
  expect(again('time', '21:00')).toBe('21:00');
});

test('people write the same moment in their own ways', () => {
  for (const day of ['2026/10/01', '20261001']) expect(again('day', day)).toBe('2026-10-01');
  for (const at of [
    '2026-10-01 09:05',
    '2026-10-1 9:05',
    '2026/10/1 9:05',
    '2026/10/1 9：05',
    '2026-10-01 09：05',
    '2026/10/01 09:05',
  ])
    expect(again('moment', at), at).toBe('2026-10-01T09:05');
  for (const time of ['9:05', '09:05', '9：05', '09：05', '0905'])
    expect(again('time', time), time).toBe('09:05');
});

test('what is no day or time, or not yet a whole one, is nothing', () => {
  for (const day of ['', '2026-10', '2026-02-30', '明天', '2026-10-01T09:05'])
    expect(read_written('day', day), day).toBeNull();
  for (const at of ['', '2026-10-01', '2026-10-01 9', '2026-10-01 24:00', '2026-13-01 09:05'])
    expect(read_written('moment', at), at).toBeNull();
  for (const time of ['', '9', '9:5', '24:00', '09:60', '9 点'])
    expect(read_written('time', time), time).toBeNull();
});
