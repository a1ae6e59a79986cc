import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import { ask } from '@/api/questions';
import type { Page, StageAnswer, StageModel, StageQuestion } from '@/api/types';

const stages_key = ['stages'];

export function useStageFlow(question: StageQuestion) {
  return useQuery({
    queryKey: [...stages_key, question],
    queryFn: ({ signal }) => ask<StageAnswer>('stages', question, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
}

// The models that a tile may show instead of its own.
export function useModelsOfStages() {
  return useQuery({
    queryKey: [...stages_key, 'models'],
    queryFn: ({ signal }) => get<Page<StageModel>>('/stage-models', { signal }),
  });
}

// For who has no model in hand: the names of its stages as they were when the flow was answered. A
// model that changes meanwhile has other stages in its next answer.
export function useModelOfStages(id: string, answered_at: number) {
  return useQuery({
    queryKey: [...stages_key, 'model', id, answered_at],
    queryFn: ({ signal }) => get<StageModel>(`/stage-models/${id}`, { signal }),
    placeholderData: keepPreviousData,
    enabled: answered_at > 0,
    staleTime: Infinity,
  });
}

// A stage by its key, `no_stage` for those in none.
export const no_stage = '$none';
export type PeopleInStage = { from_stage?: string; to_stage?: string; at?: string };
