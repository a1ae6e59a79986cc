// The changes that a person makes to a tree. Each gives a new tree and leaves the old one as it was.

import { blank_condition, empty_group, find_node, fresh_id } from './tree';
import type { GroupNode, RuleNode } from './tree';
import type { LeafKind } from './types';

export function replace_node(
  root: GroupNode,
  id: string,
  change: (node: RuleNode) => RuleNode,
): GroupNode {
  const visit = (node: RuleNode): RuleNode => {
    if (node.id === id) return change(node);
    if (node.kind === 'condition') return node;
    const children = node.children.map(visit);
    return children.some((child, i) => child !== node.children[i]) ? { ...node, children } : node;
  };
  return visit(root) as GroupNode;
}

export function insert_node(
  root: GroupNode,
  group: string,
  index: number,
  node: RuleNode,
): GroupNode {
  return replace_node(root, group, (target) => {
    if (target.kind === 'condition') return target;
    const children = [...target.children];
    children.splice(index, 0, node);
    return { ...target, children };
  });
}

export function remove_node(root: GroupNode, id: string): GroupNode {
  const visit = (node: RuleNode): RuleNode => {
    if (node.kind === 'condition') return node;
    const children = node.children.filter((child) => child.id !== id).map(visit);
    return { ...node, children };
  };
  return visit(root) as GroupNode;
}

export type Place = { group: string; index: number };

export function place_of(root: GroupNode, id: string): Place | null {
  const index = root.children.findIndex((child) => child.id === id);
  if (index >= 0) return { group: root.id, index };
  for (const child of root.children) {
    const found = child.kind === 'group' ? place_of(child, id) : null;
    if (found) return found;
  }
  return null;
}

// Moves a node to stand before what is at `to.index` of `to.group` now. A group never goes into itself.
export function move_node(root: GroupNode, id: string, to: Place): GroupNode {
  const node = find_node(root, id);
  const from = place_of(root, id);
  if (!node || !from || find_node(node, to.group)) return root;
  const same_group = from.group === to.group;
  const index = same_group && from.index < to.index ? to.index - 1 : to.index;
  if (same_group && index === from.index) return root;
  return insert_node(remove_node(root, id), to.group, index, node);
}

// One step up or down as the eye reads: past a condition, into a group, or out of the own group.
export function step_node(root: GroupNode, id: string, direction: 1 | -1): GroupNode {
  const from = place_of(root, id);
  if (!from) return root;
  const group = find_node(root, from.group) as GroupNode;
  const neighbour = group.children[from.index + direction];
  if (neighbour?.kind === 'group') {
    const index = direction === 1 ? 0 : neighbour.children.length;
    return move_node(root, id, { group: neighbour.id, index });
  }
  if (neighbour) {
    const index = direction === 1 ? from.index + 2 : from.index - 1;
    return move_node(root, id, { group: group.id, index });
  }
  const outer = place_of(root, group.id);
  if (!outer) return root;
  const index = direction === 1 ? outer.index + 1 : outer.index;
  return move_node(root, id, { group: outer.group, index });
}

export function add_condition(root: GroupNode, group: string, kind: LeafKind): [GroupNode, string] {
  const node = blank_condition(kind);
  const target = find_node(root, group) as GroupNode;
  return [insert_node(root, group, target.children.length, node), node.id];
}

// Puts a node into a new group of its own, joined the other way.
export function wrap_node(root: GroupNode, id: string): GroupNode {
  const at = place_of(root, id);
  const outer = at && (find_node(root, at.group) as GroupNode);
  if (!outer) return root;
  return replace_node(root, id, (node) => ({
    ...empty_group(outer.op === 'all' ? 'any' : 'all'),
    children: [node],
  }));
}

export function unwrap_group(root: GroupNode, id: string): GroupNode {
  const at = place_of(root, id);
  const node = find_node(root, id);
  if (!at || node?.kind !== 'group') return root;
  const without = remove_node(root, id);
  return node.children.reduceRight<GroupNode>(
    (tree, child) => insert_node(tree, at.group, at.index, child),
    without,
  );
}

export function duplicate_node(root: GroupNode, id: string): GroupNode {
  const at = place_of(root, id);
  const node = find_node(root, id);
  if (!at || !node) return root;
  return insert_node(root, at.group, at.index + 1, with_fresh_ids(node));
}

function with_fresh_ids(node: RuleNode): RuleNode {
  if (node.kind === 'condition') return { ...node, id: fresh_id() };
  return { ...node, id: fresh_id(), children: node.children.map(with_fresh_ids) };
}

export const toggle_negated = (root: GroupNode, id: string): GroupNode =>
  replace_node(root, id, (node) => ({ ...node, negated: !node.negated }));

export const toggle_joiner = (root: GroupNode, id: string): GroupNode =>
  replace_node(root, id, (node) =>
    node.kind === 'group' ? { ...node, op: node.op === 'all' ? 'any' : 'all' } : node,
  );
