import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { Member, Page, StageAnswer, StageQuestion } from '@/api/types';

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
