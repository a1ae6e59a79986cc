// The numbers of an alert as words: what was seen when, and the bounds that it left.

import type { Figures } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { exact_number } from './numbers';
import { date_only } from './times';

export function useFiguresText(): (figures: Figures) => string {
  const t = useT();
  const { language } = useLanguage();
  return ({ at, value, low, high }) => {
    if (!at || value == null) return '';
    const is_low = low != null && value < low;
    const bound = is_low ? low : high;
    const number = exact_number(value, language);
    const day = date_only(at, language);
    if (bound == null) return t('work.figures', { day, value: number });
    return t(is_low ? 'work.figures_low' : 'work.figures_high', {
      day,
      value: number,
      bound: exact_number(bound, language),
    });
  };
}
