import { expect, test } from 'vitest';
import { drawn_flow } from './flow';

const answer = {
  points: [],
  flows: [
    [4, 1, 2],
    [0, 3, 0],
    [5, 0, 90],
  ],
  elapsed_ms: 1,
  data_version: 1,
};

test('moves are drawn from the highest stage down, and who stays in none is left out', () => {
  const { nodes, flows } = drawn_flow(answer, ['low', 'high', '$none'], ['Low', 'High', 'None']);
  expect(flows).toEqual([
    { source: 'from high', target: 'to high', count: 3 },
    { source: 'from low', target: 'to high', count: 1 },
    { source: 'from low', target: 'to low', count: 4 },
    { source: 'from low', target: 'to $none', count: 2 },
    { source: 'from $none', target: 'to low', count: 5 },
  ]);
  expect(nodes.map((one) => [one.id, one.count])).toEqual([
    ['from high', 3],
    ['from low', 7],
    ['from $none', 5],
    ['to high', 4],
    ['to low', 9],
    ['to $none', 2],
  ]);
});
