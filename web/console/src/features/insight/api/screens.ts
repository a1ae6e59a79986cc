import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ask } from '@/api/questions';
import type {
  EffortAnswer,
  EffortQuestion,
  EntriesAnswer,
  EntriesQuestion,
  ScreenAnswer,
  ScreenQuestion,
} from '@/api/types';

function useAnswer<Answer>(kind: string, question: unknown, enabled = true) {
  return useQuery({
    queryKey: ['interface', kind, question],
    queryFn: ({ signal }) => ask<Answer>(kind, question, { signal }),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
}

export const useScreen = (question: ScreenQuestion) => useAnswer<ScreenAnswer>('screen', question);
export const useEffort = (question: EffortQuestion) => useAnswer<EffortAnswer>('effort', question);
export const useEntries = (question: EntriesQuestion) =>
  useAnswer<EntriesAnswer>('entries', question, question.product !== '');
