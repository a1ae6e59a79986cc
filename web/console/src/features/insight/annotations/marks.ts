// Where the annotations of a period stand on a chart over time.

import { useMemo } from 'react';
import type { Annotation } from '@/api/types';
import type { Drawn } from '@/ui/chart';
import { useAnnotations } from '../api/annotations';

const day_ms = 86_400_000;
const day_number = (day: string) => Math.floor(Date.parse(day.slice(0, 10)) / day_ms);

// The unit of the chart that holds the day; −1 where none does. Units are as long as the longest
// step between two of them, so that the last one ends.
export function place_of(day: string, units: string[]): number {
  const starts = units.map(day_number);
  const steps = starts.slice(1).map((start, i) => start - starts[i]!);
  const length = Math.max(1, ...steps);
  const wanted = day_number(day);
  const after = starts.findIndex((start) => start > wanted);
  const at = after < 0 ? starts.length - 1 : after - 1;
  return at >= 0 && wanted < (starts[at + 1] ?? starts[at]! + length) ? at : -1;
}

export function useNotes(units: string[]): { notes: Annotation[]; marks: Drawn['marks'] } {
  const first = units[0]?.slice(0, 10);
  const last = units.at(-1)?.slice(0, 10);
  const end = last && new Date((day_number(last) + 31) * day_ms).toISOString().slice(0, 10);
  const found = useAnnotations(first, end, units.length > 1);
  const items = found.data?.items;
  return useMemo(() => {
    const placed = (items ?? [])
      .map((note) => ({ note, at: place_of(note.day, units) }))
      .filter(({ at }) => at >= 0);
    return {
      notes: placed.map(({ note }) => note),
      marks: placed.map(({ note, at }) => ({ at, text: note.text })),
    };
  }, [items, units]);
}
