import { describe, expect, test } from 'vitest';
import * as edits from './edits';
import { find_node, rule_of, tree_of, type GroupNode } from './tree';
import type { Rule } from './types';

const rule: Rule = {
  all: [
    { tag: 'level', op: 'eq', value: 'gold' },
    { not: { event: 'fund_purchase', within: '7d' } },
    { any: [{ org: '3301' }, { not: { any: [{ consent: 'marketing.sms' }] } }] },
  ],
};
const ids = (tree: GroupNode) => tree.children.map((child) => child.id);
const back = (tree: GroupNode) => rule_of(tree).rule;

describe('tree and rule', () => {
  test('a rule survives the way into the tree and back', () => {
    expect(back(tree_of(rule))).toEqual(rule);
  });

  test('a single condition stands in an "all"', () => {
    expect(back(tree_of({ org: '3301' }))).toEqual({ all: [{ org: '3301' }] });
  });

  test('a double negation is none', () => {
    expect(back(tree_of({ all: [{ not: { not: { org: '1' } } }] }))).toEqual({
      all: [{ org: '1' }],
    });
  });

  test('an unfinished condition is left out, and pointers count only what remains', () => {
    const start = tree_of(rule);
    const [added, blank] = edits.add_condition(start, start.id, 'tag');
    const moved = edits.move_node(added, blank, { group: start.id, index: 0 });
    const built = rule_of(moved);
    expect(built.rule).toEqual(rule);
    expect(built.incomplete).toEqual([blank]);
    expect(built.nodes.get('/all/0')).toBe(start.children[0]!.id);
    expect(built.nodes.get('/all/2/any/1')).toBe((start.children[2] as GroupNode).children[1]!.id);
  });
});

describe('edits', () => {
  const start = () => tree_of({ all: [{ org: '1' }, { org: '2' }, { any: [{ org: '3' }] }] });

  test('moves a condition before another in its group', () => {
    const tree = start();
    const moved = edits.move_node(tree, ids(tree)[1]!, { group: tree.id, index: 0 });
    expect(back(moved)).toEqual({ all: [{ org: '2' }, { org: '1' }, { any: [{ org: '3' }] }] });
  });

  test('moves a condition into a group', () => {
    const tree = start();
    const moved = edits.move_node(tree, ids(tree)[0]!, { group: ids(tree)[2]!, index: 1 });
    expect(back(moved)).toEqual({ all: [{ org: '2' }, { any: [{ org: '3' }, { org: '1' }] }] });
  });

  test('never moves a group into itself', () => {
    const tree = start();
    expect(edits.move_node(tree, ids(tree)[2]!, { group: ids(tree)[2]!, index: 0 })).toBe(tree);
  });

  test('steps down into a group and up out of it again', () => {
    const tree = start();
    const id = ids(tree)[1]!;
    const inside = edits.step_node(tree, id, 1);
    expect(back(inside)).toEqual({ all: [{ org: '1' }, { any: [{ org: '2' }, { org: '3' }] }] });
    expect(back(edits.step_node(inside, id, -1))).toEqual(back(tree));
  });

  test('stays at the ends of the tree', () => {
    const tree = start();
    expect(edits.step_node(tree, ids(tree)[0]!, -1)).toBe(tree);
  });

  test('wraps, unwraps, negates, joins, copies and removes', () => {
    const tree = start();
    const [first, , group] = ids(tree) as [string, string, string];
    expect(back(edits.wrap_node(tree, first))).toEqual({
      all: [{ any: [{ org: '1' }] }, { org: '2' }, { any: [{ org: '3' }] }],
    });
    expect(back(edits.unwrap_group(tree, group))).toEqual({
      all: [{ org: '1' }, { org: '2' }, { org: '3' }],
    });
    expect(back(edits.toggle_negated(tree, first))).toMatchObject({
      all: [{ not: { org: '1' } }, {}, {}],
    });
    expect(back(edits.toggle_joiner(tree, tree.id))).toHaveProperty('any');
    const copied = edits.duplicate_node(tree, group);
    expect(new Set(ids(copied)).size).toBe(4);
    expect(find_node(edits.remove_node(tree, first), first)).toBeNull();
  });
});
