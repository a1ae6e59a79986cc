// Numbers as people read them: short in place (1.2 万, 3.4 亿; 12.3K in English), exact on hover.

import type { Language } from '@/api/types';

const scales: Record<Language, [number, string][]> = {
  zh: [
    [1e12, ' 万亿'],
    [1e8, ' 亿'],
    [1e4, ' 万'],
  ],
  en: [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ],
};

export function short_number(value: number, language: Language): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const steps = scales[language];
  let at = steps.findIndex(([scale]) => size >= scale);
  if (at < 0) return exact_number(Math.round(value * 100) / 100, language);
  let shown = Math.round((size / steps[at]![0]) * 10) / 10;
  // A value that rounds up to the next scale takes it: 99,999,999 is 1 亿, not 10000 万.
  if (at > 0 && shown * steps[at]![0] >= steps[at - 1]![0]) {
    at -= 1;
    shown = 1;
  }
  return (value < 0 ? '−' : '') + exact_number(shown, language) + steps[at]![1];
}

export function exact_number(value: number, language: Language): string {
  return new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', { maximumFractionDigits: 4 })
    .format(value)
    .replace('-', '−');
}

// `share` is 0…1. Small shares keep their meaning: 0.04 % is not shown as 0 %.
export function percent(share: number, language: Language, digits = 1): string {
  if (!Number.isFinite(share)) return '–';
  const finest = 10 ** -(digits + 2);
  if (share > 0 && share < finest / 2) return `< ${finest * 100}%`;
  const options = { style: 'percent', maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', options)
    .format(share)
    .replace('-', '−');
}

// A change against an earlier value as a share; null where there is nothing to compare with.
export function change_of(value: number, previous: number): number | null {
  return previous === 0 ? null : (value - previous) / Math.abs(previous);
}
