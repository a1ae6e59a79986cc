import { describe, expect, test } from 'vitest';
import type { AttributionAnswer, RetentionAnswer } from '@/api/question_types';
import {
  funnel_rows,
  model_rows,
  retention_curve,
  retention_trend,
  sankey_of,
  steepest,
} from './figures';
import { flow_of, part_of } from './flow';
import { about_share, span_text } from './share_words';

describe('funnel', () => {
  test('shares of the first step, of the step before, and who left', () => {
    const rows = funnel_rows([{ count: 200 }, { count: 100, median_ms: 5 }, { count: 75 }]);
    expect(rows[1]).toEqual({
      count: 100,
      of_first: 0.5,
      of_before: 0.5,
      dropped: 25,
      dropped_share: 0.25,
      median_ms: 5,
    });
    expect(rows[2]).toMatchObject({ of_before: 0.75, dropped: 0 });
  });

  test('nobody at the first step divides by nothing', () => {
    expect(funnel_rows([{ count: 0 }, { count: 0 }])[1]).toMatchObject({
      of_first: 0,
      of_before: 0,
    });
  });

  test('the steepest step is by share, and a step of few people does not count', () => {
    const rows = (counts: number[]) => funnel_rows(counts.map((count) => ({ count })));
    expect(steepest(rows([1000, 500, 100]))).toBe(1);
    expect(steepest(rows([1000, 19, 0]))).toBe(0);
    expect(steepest(rows([19, 5]))).toBeNull();
    expect(steepest(rows([100, 100]))).toBeNull();
  });
});

describe('retention', () => {
  test('the base of a unit is who could have come back in it', () => {
    expect(retention_curve({ size: 100, returned: [100, 30, 0], base: [100, 60, 0] })).toEqual([
      1,
      0.5,
      null,
    ]);
  });

  test('the trend compares the two latest cohorts whose unit is over', () => {
    const cohort = (start: string, returned: number[], incomplete_from: number | null) => ({
      start,
      size: 100,
      returned,
      incomplete_from,
    });
    const answer = {
      cohorts: [
        cohort('2026-10-05', [100, 50], null),
        cohort('2026-10-12', [100, 40], null),
        cohort('2026-10-19', [100, 3], 1),
      ],
    } as RetentionAnswer;
    const trend = retention_trend(answer, 1)!;
    expect(trend.share).toBe(0.4);
    expect(trend.change).toBeCloseTo(-0.1);
    expect(retention_trend({ ...answer, cohorts: [] }, 1)).toBeNull();
  });
});

describe('paths', () => {
  const links = [
    { depth: 0, from: 'a', to: 'b', count: 6 },
    { depth: 0, from: 'a', to: null, count: 4 },
    { depth: 1, from: 'b', to: 'a', count: 5 },
    { depth: 1, from: 'b', to: '$other', count: 1 },
  ];

  test('the same event at another depth is another node', () => {
    const { nodes, flows } = sankey_of(links);
    expect(nodes.map((node) => [node.id, node.count])).toEqual([
      ['0:a', 10],
      ['1:b', 6],
      ['1:', 4],
      ['2:a', 5],
      ['2:$other', 1],
    ]);
    expect(flows[2]).toEqual({ source: '1:b', target: '2:a', count: 5 });
  });

  test('backwards the event stands at the right, and flows still go right', () => {
    const { nodes, flows } = flow_of(links, true);
    const depth = new Map(nodes.map((node) => [node.id, node.depth]));
    expect(depth.get('0:a')).toBe(2);
    for (const flow of flows) expect(depth.get(flow.source)!).toBeLessThan(depth.get(flow.target)!);
  });

  test('a click means just the node or the link that is drawn', () => {
    const { nodes } = flow_of(links, false);
    expect(part_of({ node: '2:a' }, nodes, false)).toEqual({ node: { depth: 2, event: 'a' } });
    expect(part_of({ node: '1:' }, nodes, false)).toEqual({ node: { depth: 1, event: null } });
    expect(part_of({ node: '2:$other' }, nodes, false)).toEqual({
      node: { depth: 2, event: '$other' },
    });
    expect(part_of({ source: '0:a', target: '1:b' }, nodes, false)).toEqual({
      link: { depth: 0, from: 'a', to: 'b' },
    });
    expect(part_of({ node: '9:gone' }, nodes, false)).toBeNull();
  });

  test('backwards a click counts its depth from the end', () => {
    const { nodes, flows } = flow_of(links, true);
    expect(part_of({ node: '1:b' }, nodes, true)).toEqual({ node: { depth: 1, event: 'b' } });
    const { source, target } = flows[1]!;
    expect(part_of({ source, target }, nodes, true)).toEqual({
      link: { depth: 0, from: 'a', to: null },
    });
  });
});

test('rows of two models stand side by side, also those only one of them has', () => {
  const answer = (rows: [string, number][]) =>
    ({
      rows: rows.map(([group, conversions]) => ({
        group: [group],
        conversions,
        value: null,
        touches: 1,
        people: 1,
      })),
    }) as unknown as AttributionAnswer;
  const rows = model_rows(
    answer([
      ['a', 3],
      ['b', 9],
    ]),
    answer([
      ['a', 5],
      ['c', 2],
    ]),
  );
  expect(rows.map((row) => [row.group[0], row.first, row.second])).toEqual([
    ['b', 9, 0],
    ['a', 3, 5],
    ['c', 0, 2],
  ]);
  expect(model_rows(answer([['a', 3]]), undefined)[0]!.second).toBeNull();
});

describe('shares and spans in words', () => {
  test.each([
    [0.3, '三成', '3 in 10'],
    [0.27, '近三成', 'nearly 3 in 10'],
    [0.33, '超过三成', 'over 3 in 10'],
    [0.5, '一半', 'half'],
    [0.03, '3%', '3%'],
    [0.98, '98%', '98%'],
  ])('%d', (share, in_zh, in_en) => {
    expect(about_share(share, 'zh')).toBe(in_zh);
    expect(about_share(share, 'en')).toBe(in_en);
  });

  test.each([
    [400, '1 秒内', '< 1 s'],
    [44_000, '44 秒', '44 s'],
    [90_000, '1.5 分钟', '1.5 min'],
    [36 * 3_600_000, '1.5 天', '1.5 d'],
  ])('%d ms', (ms, in_zh, in_en) => {
    expect(span_text(ms, 'zh')).toBe(in_zh);
    expect(span_text(ms, 'en')).toBe(in_en);
  });
});
