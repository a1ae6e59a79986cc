// The state of the rule builder: the tree with its undo stack, and what is open or being moved.

import { useCallback, useMemo, useState } from 'react';
import { rule_of, tree_of, type GroupNode } from '@/rule/tree';
import type { Rule } from '@/rule/types';
import type { Slot } from '@/rule/tokens';
import { change, redo, start_history, undo } from '@/rule/undo';

export type OpenChip = { node: string; slot: Slot; index?: number } | null;
export type Edit = (next: GroupNode, mark?: string) => void;

export function useRuleEditor(first: Rule) {
  const [history, set_history] = useState(() => start_history(tree_of(first)));
  const edit = useCallback<Edit>(
    (next, mark) => set_history((now) => change(now, next, mark ?? null)),
    [],
  );
  const built = useMemo(() => rule_of(history.present), [history.present]);
  return {
    tree: history.present,
    built,
    edit,
    undo: useCallback(() => set_history(undo), []),
    redo: useCallback(() => set_history(redo), []),
    can_undo: history.past.length > 0,
    can_redo: history.future.length > 0,
    reset: useCallback((rule: Rule) => set_history((now) => change(now, tree_of(rule))), []),
  };
}

export type RuleEditor = ReturnType<typeof useRuleEditor>;

// What the parts of the builder share.
export type BuilderContext = {
  editor: RuleEditor;
  removes: Map<string, number>; // node id → people that the condition takes away
  open: OpenChip;
  set_open: (open: OpenChip) => void;
  announce: (sentence: string) => void;
};
