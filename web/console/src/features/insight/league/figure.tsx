// One figure of a league: a count, a share, and what became of it.

import type { LeagueMeasure } from '@/api/types';
import { Change, Num, Share } from '@/ui/show';
import { Points } from '../screens/points';
import { is_rate } from './measures';

export function Figure({ measure, value }: { measure: LeagueMeasure; value: number | null }) {
  if (value === null) return <span className="faint">–</span>;
  return is_rate(measure) ? <Share share={value} /> : <Num value={value} />;
}

// What became of it: of a share in points, for a share of a share misleads.
export function Moved(props: {
  measure: LeagueMeasure;
  value: number | null;
  previous: number | null;
}) {
  const { measure, value, previous } = props;
  if (value === null || previous === null) return null;
  if (is_rate(measure)) return <Points value={value - previous} toned />;
  return <Change value={value} previous={previous} />;
}
