import { expect, test } from 'vitest';
import { change, redo, start_history, undo } from './undo';

test('undo and redo walk the same way back and forth', () => {
  let history = start_history('a');
  history = change(history, 'b');
  history = change(history, 'c');
  expect(undo(history).present).toBe('b');
  expect(undo(undo(history)).present).toBe('a');
  expect(redo(undo(history)).present).toBe('c');
});

test('at the ends nothing happens', () => {
  const history = start_history('a');
  expect(undo(history)).toBe(history);
  expect(redo(history)).toBe(history);
});

test('a new change forgets what was undone', () => {
  const history = change(undo(change(start_history('a'), 'b')), 'c');
  expect(history.future).toEqual([]);
  expect(undo(history).present).toBe('a');
});

test('typing into one field is one step, also after a pause for another field', () => {
  let history = start_history(0);
  history = change(history, 1, 'x');
  history = change(history, 12, 'x');
  history = change(history, 13, 'y');
  expect(undo(history).present).toBe(12);
  expect(undo(undo(history)).present).toBe(0);
});

test('after an undo the same field begins a new step', () => {
  let history = change(start_history(0), 1, 'x');
  history = change(undo(history), 2, 'x');
  expect(undo(history).present).toBe(0);
});

test('the stack is bounded', () => {
  let history = start_history(0);
  for (let i = 1; i <= 500; i += 1) history = change(history, i);
  expect(history.past.length).toBe(200);
});
