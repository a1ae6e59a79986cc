// One figure of a league: a count, a share, and what became of it.

import type { LeagueMeasure } from '@/api/types';
import { Num, Share } from '@/ui/show';
import { is_rate } from './measures';

export function Figure({ measure, value }: { measure: LeagueMeasure; value: number | null }) {
  if (value === null) return <span className="faint">–</span>;
  return is_rate(measure) ? <Share share={value} /> : <Num value={value} />;
}
