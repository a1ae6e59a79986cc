import { expect, test } from 'vitest';
import { blank_model, moved_stage, with_stage, without_stage } from './draft';

const keys = (model: { stages: { key: string }[] }) => model.stages.map((one) => one.key);

test('a stage is added as the highest, under a key of its own', () => {
  const three = with_stage(with_stage(with_stage(blank_model)));
  expect(keys(three)).toEqual(['stage_1', 'stage_2', 'stage_3']);
  const two = without_stage(three, 1);
  expect(keys(with_stage(two))).toEqual(['stage_1', 'stage_3', 'stage_4']);
});

test('a stage moves by one place and not beyond the ends', () => {
  const two = with_stage(with_stage(blank_model));
  expect(keys(moved_stage(two, 0, 1))).toEqual(['stage_2', 'stage_1']);
  expect(moved_stage(two, 1, 1)).toBe(two);
});
