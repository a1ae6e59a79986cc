import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { get, post } from '@/api/client';
import type { Member, Page, StageAnswer, StageModel, StageQuestion } from '@/api/types';

const stages_key = ['stages'];

export function useStageFlow(question: StageQuestion) {
  return useQuery({
    queryKey: [...stages_key, question],
    queryFn: ({ signal }) => post<StageAnswer>('/insights/stages', { body: question, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
}

// For who has no model in hand: the names of its stages.
export function useModelOfStages(id: string) {
  return useQuery({
    queryKey: [...stages_key, 'model', id],
    queryFn: ({ signal }) => get<StageModel>(`/stage-models/${id}`, { signal }),
    staleTime: 60_000,
  });
}

// A stage by its key, `no_stage` for those in none.
export const no_stage = '$none';
export type PeopleInStage = { from_stage?: string; to_stage?: string; at?: string };

const most_shown = 50;

export function useStagePeople(question: StageQuestion, which: PeopleInStage) {
  return useQuery({
    queryKey: [...stages_key, 'people', question, which],
    queryFn: ({ signal }) =>
      post<Page<Member> & { total?: number }>('/insights/people', {
        body: { stages: question, ...which, limit: most_shown },
        signal,
      }),
    gcTime: 0,
  });
}
