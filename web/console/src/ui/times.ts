// Times in the institution's time zone, which every rule and schedule uses too.

import type { Language } from '@/api/types';

let zone = 'Asia/Shanghai';

export function set_time_zone(time_zone: string): void {
  zone = time_zone;
}

// Today in the institution, as 2026-10-01.
export function day_now(now = new Date()): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(now);
}

// The hour of the day in the institution, for a greeting.
export function hour_now(now = new Date()): number {
  const shown = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', hour12: false, timeZone: zone });
  return Number(shown.format(now)) % 24;
}

function locale_of(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en-GB';
}

export function date_time(at: string, language: Language): string {
  return format(at, language, {
    year: 'numeric',
    month: language === 'zh' ? '2-digit' : 'short',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });
}

export function date_only(at: string, language: Language): string {
  const month = language === 'zh' ? '2-digit' : 'short';
  return format(at, language, { year: 'numeric', month, day: '2-digit' });
}

export function month_only(at: string, language: Language): string {
  const month = language === 'zh' ? '2-digit' : 'short';
  return format(at, language, { year: 'numeric', month });
}

export function clock_time(at: string, language: Language): string {
  return format(at, language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  });
}

export function day_and_month(at: string, language: Language): string {
  const month = language === 'zh' ? 'numeric' : 'short';
  return format(at, language, { month, day: 'numeric' });
}

function format(at: string, language: Language, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  return new Intl.DateTimeFormat(locale_of(language), { ...options, timeZone: zone }).format(date);
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

// "3 hours ago"; beyond thirty days the date says more.
export function ago(at: string, language: Language, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  if (Math.abs(seconds) > 30 * 86_400) return date_only(at, language);
  const [unit, size] = steps.find((step) => Math.abs(seconds) >= step[1]) ?? steps.at(-1)!;
  const relative = new Intl.RelativeTimeFormat(locale_of(language), { numeric: 'auto' });
  return spaced(relative.format(Math.trunc(seconds / size), unit));
}

// A space stands between figures and Chinese.
const spaced = (text: string): string => text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ');
