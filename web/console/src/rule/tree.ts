// The rule as the builder edits it: groups and conditions with ids of their own, negation as a mark.
// Every change gives a new tree, so that undo is a stack of trees.

import type { components } from '@/api/schema';
import { type Leaf, type LeafKind, type Rule, type Where } from './types';

type WrittenLeaf = Exclude<
  components['schemas']['Rule'],
  { all: unknown } | { any: unknown } | { not: unknown }
>;

export type ConditionNode = { id: string; kind: 'condition'; negated: boolean; leaf: Leaf };
export type GroupNode = {
  id: string;
  kind: 'group';
  op: 'all' | 'any';
  negated: boolean;
  children: RuleNode[];
};
export type RuleNode = ConditionNode | GroupNode;

let last_id = 0;
export function fresh_id(): string {
  last_id += 1;
  return `n${last_id}`;
}

export function empty_group(op: 'all' | 'any' = 'all'): GroupNode {
  return { id: fresh_id(), kind: 'group', op, negated: false, children: [] };
}

const blank_leaves: Record<LeafKind, Leaf> = {
  tag: { tag: '', op: 'eq' },
  event: { event: '', within: '30d' },
  sequence: {
    sequence: [{ event: '' }, { event: '' }],
    within: '30d',
    window: '1d',
    reached: 2,
    op: 'gte',
  },
  audience: { audience: '' },
  org: { org: '' },
  consent: { consent: '' },
  identity: { identity: '', op: 'exists' },
  score: { score: '', op: 'top', value: 0.1 },
};

export function blank_condition(kind: LeafKind): ConditionNode {
  return { id: fresh_id(), kind: 'condition', negated: false, leaf: blank_leaves[kind] };
}

// What a condition leaves out means what the server takes it for.
function whole_leaf(leaf: WrittenLeaf): Leaf {
  if ('sequence' in leaf)
    return { ...leaf, op: leaf.op ?? 'gte', reached: leaf.reached ?? leaf.sequence.length };
  if ('identity' in leaf) return { ...leaf, op: leaf.op ?? 'exists' };
  return leaf;
}

function node_of(rule: Rule): RuleNode {
  if ('not' in rule) {
    const inner = node_of(rule.not);
    return { ...inner, negated: !inner.negated };
  }
  if ('all' in rule || 'any' in rule) {
    const op = 'all' in rule ? 'all' : 'any';
    const children = ('all' in rule ? rule.all : rule.any).map(node_of);
    return { id: fresh_id(), kind: 'group', op, negated: false, children };
  }
  return { id: fresh_id(), kind: 'condition', negated: false, leaf: whole_leaf(rule) };
}

// The root is always a group without a negation: a single condition stands in an "all".
export function tree_of(rule: Rule): GroupNode {
  const node = node_of(rule);
  if (node.kind === 'group' && !node.negated) return node;
  return { ...empty_group(), children: [node] };
}

// What is still to be filled in, as the names of the slots.
export function missing_in(leaf: Leaf): string[] {
  const missing: string[] = [];
  const need = (present: boolean, slot: string) => {
    if (!present) missing.push(slot);
  };
  if ('tag' in leaf) {
    need(leaf.tag !== '', 'tag');
    need(!needs_value(leaf.op) || has_value(leaf.value), 'compare');
  } else if ('event' in leaf) {
    need(leaf.event !== '', 'event');
    need(leaf.op === undefined || has_value(leaf.value), 'compare');
    need(has_sound_wheres(leaf.where), 'where');
  } else if ('sequence' in leaf) {
    need(
      leaf.sequence.every((step) => step.event !== ''),
      'step',
    );
  } else if ('audience' in leaf) need(leaf.audience !== '', 'audience');
  else if ('org' in leaf) need(leaf.org !== '', 'org');
  else if ('consent' in leaf) need(leaf.consent !== '', 'consent');
  else if ('identity' in leaf) need(leaf.identity !== '', 'identity');
  else need(leaf.score !== '', 'score');
  return missing;
}

export function has_sound_wheres(wheres: Where[] = []): boolean {
  return wheres.every((one) => one.property !== '' && (!needs_value(one.op) || has_value(one.value)));
}

export function needs_value(op: string): boolean {
  return op !== 'exists' && op !== 'missing';
}

function has_value(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.length > 0 && value.every((part) => part !== '' && part !== null);
  }
  return value !== undefined && value !== '' && value !== null;
}

export type BuiltRule = {
  rule: Rule;
  // JSON Pointer of each part → the node that it came from.
  nodes: Map<string, string>;
  incomplete: string[];
};

// The rule of the tree. Conditions that are not filled in yet, and empty inner groups, are left out,
// so pointers count only the parts that remain.
export function rule_of(root: GroupNode): BuiltRule {
  const built: BuiltRule = { rule: { all: [] }, nodes: new Map(), incomplete: [] };
  note_incomplete(root, built.incomplete);
  const skipped = new Set(built.incomplete);
  const build = (node: RuleNode, pointer: string): Rule => {
    built.nodes.set(pointer, node.id);
    const inner = node.negated ? `${pointer}/not` : pointer;
    const rule = node.kind === 'group' ? build_group(node, inner) : node.leaf;
    return node.negated ? { not: rule } : rule;
  };
  const build_group = (node: GroupNode, pointer: string): Rule => {
    const kept = node.children.filter((child) => !is_empty(child, skipped));
    const parts = kept.map((child, i) => build(child, `${pointer}/${node.op}/${i}`));
    return node.op === 'all' ? { all: parts } : { any: parts };
  };
  built.rule = build(root, '');
  return built;
}

function note_incomplete(node: RuleNode, into: string[]): void {
  if (node.kind === 'group') node.children.forEach((child) => note_incomplete(child, into));
  else if (missing_in(node.leaf).length > 0) into.push(node.id);
}

function is_empty(node: RuleNode, skipped: Set<string>): boolean {
  if (node.kind === 'condition') return skipped.has(node.id);
  return node.children.every((child) => is_empty(child, skipped));
}

export function find_node(root: RuleNode, id: string): RuleNode | null {
  if (root.id === id) return root;
  if (root.kind === 'condition') return null;
  for (const child of root.children) {
    const found = find_node(child, id);
    if (found) return found;
  }
  return null;
}

export function count_conditions(node: RuleNode): number {
  if (node.kind === 'condition') return 1;
  return node.children.reduce((sum, child) => sum + count_conditions(child), 0);
}
