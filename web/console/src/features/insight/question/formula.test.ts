import { expect, test } from 'vitest';
import { fault_of, without_part } from './formula';

const said = (formula: string) => {
  const fault = fault_of(formula, 2);
  return fault && `${fault.what} ${fault.at}`;
};

test('a formula of parts, numbers, signs and parentheses is sound', () => {
  for (const formula of ['A', 'A / B * 100', '(A + B) × 2', '−A * -（B）', 'A*0.25+1.5'])
    expect(said(formula), formula).toBeNull();
});

test('a fault names its character as the server does', () => {
  expect(said('A + C')).toBe('part 5');
  expect(said('A ÷ C')).toBe('part 5');
  expect(said('A B')).toBe('operator 3');
  expect(said('A +')).toBe('operand 4');
  expect(said('')).toBe('operand 1');
  expect(said('(A')).toBe('closing 3');
  expect(said('A)')).toBe('operator 2');
  expect(said('A + a')).toBe('operand 5');
  expect(said('A * 1.')).toBe('digit 7');
  expect(said('A * 1234567890123456')).toBe('long 5');
  expect(said('1 + 2')).toBe('none 6');
  expect(said('('.repeat(40) + 'A')).toBe('deep 34');
});

test('letters move up when a part is taken away', () => {
  expect(without_part('A / C', 1)).toBe('A / B');
  expect(without_part('A / B', 1)).toBe('A');
  expect(without_part('B + C', 0)).toBe('A + B');
});
