// Undo and redo as a stack of values. Changes under the same mark in a row (typing into one field)
// are one step.

export type History<T> = {
  past: T[];
  present: T;
  future: T[];
  mark: string | null;
};

const most_steps = 200;

export function start_history<T>(present: T): History<T> {
  return { past: [], present, future: [], mark: null };
}

export function change<T>(history: History<T>, next: T, mark: string | null = null): History<T> {
  if (next === history.present) return history;
  const joined = mark !== null && mark === history.mark;
  const past = joined ? history.past : [...history.past, history.present].slice(-most_steps);
  return { past, present: next, future: [], mark };
}

export function undo<T>(history: History<T>): History<T> {
  if (history.past.length === 0) return history;
  return {
    past: history.past.slice(0, -1),
    present: history.past.at(-1)!,
    future: [history.present, ...history.future],
    mark: null,
  };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, mark: null };
}
