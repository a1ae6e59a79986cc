// A difference of two shares, in percentage points, or of two counts.

import { useLanguage, useT } from '@/i18n';
import { exact_number } from '@/ui/numbers';

// `toned`: more is better.
export function Points({ value, toned }: { value: number; toned?: boolean }) {
  const t = useT();
  const { language } = useLanguage();
  const points = Math.round(value * 1000) / 10 || 0; // never a negative zero
  const sign = points > 0 ? '+' : points === 0 ? '±' : '';
  return (
    <span className={`num small ${toned && points !== 0 ? (points > 0 ? 'good' : 'bad') : 'soft'}`}>
      {t('screen.points', { points: sign + exact_number(points, language) })}
    </span>
  );
}

// Of taps and of screens on the way: fewer is better.
export function Difference({ now, before }: { now: number | null; before: number | null }) {
  const { language } = useLanguage();
  if (now === null || before === null) return null;
  const difference = now - before;
  const tone = difference > 0 ? 'bad' : difference < 0 ? 'good' : 'soft';
  return (
    <span className={`num small ${tone}`}>
      {difference > 0 ? '+' : difference === 0 ? '±' : ''}
      {exact_number(difference, language)}
    </span>
  );
}
