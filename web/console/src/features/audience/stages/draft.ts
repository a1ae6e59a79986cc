// A stage model while it is edited: pure changes of the list of stages, the lowest first.

import type { NewStage, NewStageModel, StageModel } from '@/api/types';
import type { Rule } from '@/rule/types';

export const most_stages = 12;

export const blank_model: NewStageModel = { kind: 'lifecycle', name: '', stages: [] };

export const draft_of = ({ kind, name, stages }: StageModel): NewStageModel => ({
  kind,
  name,
  stages: stages.map(({ key, name: stage_name, rule }) => ({ key, name: stage_name, rule })),
});

// Facts name a stage by its key for good, so a key that was given is not given again.
function fresh_key(stages: NewStage[]): string {
  for (let number = stages.length + 1; ; number += 1) {
    const key = `stage_${number}`;
    if (!stages.some((one) => one.key === key)) return key;
  }
}

export const with_stage = (model: NewStageModel): NewStageModel => ({
  ...model,
  stages: [...model.stages, { key: fresh_key(model.stages), name: '', rule: { all: [] } }],
});

export const without_stage = (model: NewStageModel, at: number): NewStageModel => ({
  ...model,
  stages: model.stages.filter((_, i) => i !== at),
});

export const changed_stage = (
  model: NewStageModel,
  at: number,
  part: Partial<NewStage>,
): NewStageModel => ({
  ...model,
  stages: model.stages.map((one, i) => (i === at ? { ...one, ...part } : one)),
});

// One place up (towards the highest) or down.
export function moved_stage(model: NewStageModel, at: number, by: 1 | -1): NewStageModel {
  const stages = [...model.stages];
  const other = stages[at + by];
  if (!other) return model;
  stages[at + by] = stages[at]!;
  stages[at] = other;
  return { ...model, stages };
}

export const is_everyone = (rule: Rule) => 'all' in rule && rule.all.length === 0;
