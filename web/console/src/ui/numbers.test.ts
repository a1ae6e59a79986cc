import { describe, expect, test } from 'vitest';
import { change_of, exact_number, percent, short_number } from './numbers';

describe('short numbers', () => {
  test.each([
    [0, '0'],
    [9_999, '9,999'],
    [13.7725, '13.77'],
    [10_000, '1 万'],
    [12_345, '1.2 万'],
    [-12_345, '−1.2 万'],
    [99_994_999, '9,999.5 万'],
    [99_999_999, '1 亿'],
    [340_000_000, '3.4 亿'],
    [1_200_000_000_000, '1.2 万亿'],
  ])('%d in Chinese', (value, shown) => expect(short_number(value, 'zh')).toBe(shown));

  test.each([
    [999, '999'],
    [1_000, '1K'],
    [12_345, '12.3K'],
    [999_949, '999.9K'],
    [999_950, '1M'],
    [2_500_000_000, '2.5B'],
  ])('%d in English', (value, shown) => expect(short_number(value, 'en')).toBe(shown));

  test('what is no number is a dash', () => expect(short_number(Number.NaN, 'en')).toBe('–'));
});

test('the exact number has every digit', () => {
  expect(exact_number(1234567.25, 'zh')).toBe('1,234,567.25');
});

describe('shares', () => {
  test.each([
    [0, '0%'],
    [0.1234, '12.3%'],
    [0.0004, '< 0.1%'],
    [1, '100%'],
  ])('%d', (share, shown) => expect(percent(share, 'zh')).toBe(shown));
});

test('a change against nothing is no change', () => {
  expect(change_of(5, 0)).toBeNull();
  expect(change_of(6, 4)).toBe(0.5);
});
