import { expect, test } from 'vitest';
import { ago, date_time, day_and_month, day_now, hour_now } from './times';

test('times are shown in the zone of the institution', () => {
  expect(date_time('2026-10-01T20:30:00Z', 'zh')).toBe('2026/10/02 04:30');
  expect(day_and_month('2026-10-01', 'zh')).toBe('10/1');
});

test('how long ago, by the largest unit that fits', () => {
  const now = Date.parse('2026-10-02T00:00:00Z');
  expect(ago('2026-10-01T23:57:00Z', 'en', now)).toBe('3 minutes ago');
  expect(ago('2026-10-01T20:00:00Z', 'zh', now)).toBe('4 小时前');
  expect(ago('2026-09-30T20:00:00Z', 'zh', now)).toBe('昨天');
  expect(ago('2026-10-01T23:59:50Z', 'zh', now)).toBe('此刻');
  expect(ago('2026-08-01T00:00:00Z', 'en', now)).toBe('01 Aug 2026');
});

test('the hour of a greeting is that of the institution', () => {
  expect(hour_now(new Date('2026-11-27T15:38:00Z'))).toBe(23);
  expect(hour_now(new Date('2026-11-27T16:10:00Z'))).toBe(0);
});

test('today is the day of the institution', () => {
  expect(day_now(new Date('2026-11-27T16:10:00Z'))).toBe('2026-11-28');
});
