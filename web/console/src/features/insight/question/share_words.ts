// Shares and spans of time as people say them.

import type { Language } from '@/api/types';
import { percent } from '@/ui/numbers';

const zh_tenths = ['', '一', '两', '三', '四', '五', '六', '七', '八', '九', '十'];

// "三成", "近三成", "超过三成"; "3 in 10", "nearly 3 in 10". Small shares stay figures.
export function about_share(share: number, language: Language): string {
  const tenths = Math.round(share * 10);
  if (tenths === 0 || tenths === 10) return percent(share, language, 1);
  const off = share * 10 - tenths;
  if (language === 'en') {
    const near = Math.abs(off) <= 0.15 ? '' : off < 0 ? 'nearly ' : 'over ';
    return tenths === 5 ? `${near}half` : `${near}${tenths} in 10`;
  }
  const near = Math.abs(off) <= 0.15 ? '' : off < 0 ? '近' : '超过';
  return tenths === 5 ? `${near}一半` : `${near}${zh_tenths[tenths]}成`;
}

const units: [number, string, string][] = [
  [86_400_000, ' 天', 'd'],
  [3_600_000, ' 小时', 'h'],
  [60_000, ' 分钟', 'min'],
  [1000, ' 秒', 's'],
];

// "3.5 小时", "45 秒": the largest unit that fits, with at most one decimal.
export function span_text(ms: number, language: Language): string {
  const at = units.find(([size]) => ms >= size);
  if (!at) return language === 'zh' ? '1 秒内' : '< 1 s';
  const value = Math.round((ms / at[0]) * 10) / 10;
  return language === 'zh' ? `${value}${at[1]}` : `${value} ${at[2]}`;
}
