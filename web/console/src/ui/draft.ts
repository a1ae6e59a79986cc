// Drafts that save themselves on this device, so that leaving a page never loses work.

import { useEffect, useState } from 'react';

type Kept<T> = { at: string; value: T };

const key_of = (name: string) => `qiao.draft.${name}`;

export function kept_draft<T>(name: string): Kept<T> | null {
  try {
    const text = localStorage.getItem(key_of(name));
    return text ? (JSON.parse(text) as Kept<T>) : null;
  } catch {
    return null;
  }
}

export function drop_draft(name: string): void {
  localStorage.removeItem(key_of(name));
}

// Keeps `value` under `name` while it differs from `saved`. Answers whether a draft is kept.
export function useDraft<T>(name: string, value: T, saved: T): boolean {
  const [kept, set_kept] = useState(false);
  const text = JSON.stringify(value);
  const changed = text !== JSON.stringify(saved);
  useEffect(() => {
    if (!changed) return;
    const timer = setTimeout(() => {
      localStorage.setItem(
        key_of(name),
        JSON.stringify({ at: new Date().toISOString(), value: JSON.parse(text) }),
      );
      set_kept(true);
    }, 300);
    return () => clearTimeout(timer);
  }, [name, text, changed]);
  return kept && changed;
}
