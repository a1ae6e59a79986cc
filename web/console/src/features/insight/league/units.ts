// The days, weeks and months that may be chosen: the running one and those before it.

import type { Language } from '@/api/types';
import { day_and_month, day_now, month_only } from '@/ui/times';
import type { UnitOfTime } from '../api/products';

export type Per = UnitOfTime['per'];
const shown: Record<Per, number> = { day: 14, week: 8, month: 6 };

const day_ms = 86_400_000;
const utc = (day: string) => new Date(`${day}T00:00:00Z`);
const text = (date: Date) => date.toISOString().slice(0, 10);

function start_of(day: string, per: Per): Date {
  const date = utc(day);
  if (per === 'day') return date;
  if (per === 'week')
    return new Date(date.getTime() - ((date.getUTCDay() + 6) % 7) * day_ms);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
}

// First days, the running unit first.
export function recent_units(per: Per, today = day_now()): string[] {
  const list: string[] = [];
  for (let start = start_of(today, per); list.length < shown[per]; ) {
    list.push(text(start));
    start = start_of(text(new Date(start.getTime() - day_ms)), per);
  }
  return list;
}

// With the one of a link that has grown older than these.
export function units_offered(per: Per, linked: string | null): string[] {
  const recent = recent_units(per);
  const is_older =
    linked !== null &&
    !Number.isNaN(utc(linked).getTime()) &&
    linked < recent.at(-1)! &&
    text(start_of(linked, per)) === linked;
  return is_older ? [...recent, linked] : recent;
}

export function unit_name(per: Per, first: string, language: Language): string {
  if (per === 'month') return month_only(first, language);
  if (per === 'day') return day_and_month(first, language);
  const last = text(new Date(utc(first).getTime() + 6 * day_ms));
  return `${day_and_month(first, language)} – ${day_and_month(last, language)}`;
}
