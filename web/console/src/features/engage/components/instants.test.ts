import { expect, test } from 'vitest';
import { as_instant, as_local } from './instants';

test('a schedule is shown in the time of the institution, whatever offset it came with', () => {
  for (const at of ['2026-10-01T01:05:00Z', '2026-10-01T09:05:00+08:00', '2026-09-30T21:05:00-04:00'])
    expect(as_local(at)).toBe('2026-10-01T09:05');
  for (const none of [undefined, '', 'soon']) expect(as_local(none)).toBe('');
});

test('what a field says goes to the server with its offset', () => {
  expect(as_instant('2026-10-01T09:05')).toBe('2026-10-01T09:05:00+08:00');
  expect(as_instant('')).toBeUndefined();
});
