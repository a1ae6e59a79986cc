import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { Answers, QuestionKind, Questions } from '@/api/question_types';
import { useDebounced } from '@/ui/debounce';

const rest_ms = 150;

// Asks the question once it has rested; the last answer stays while the next one is computed.
export function useAnswer<K extends QuestionKind>(kind: K, ask: Questions[K], whole: boolean) {
  const rested = useDebounced(JSON.stringify(ask), rest_ms);
  return useQuery({
    queryKey: ['question', kind, rested],
    queryFn: ({ signal }) =>
      post<Answers[K]>(`/insights/${kind}`, { body: JSON.parse(rested) as Questions[K], signal }),
    enabled: whole,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
}
