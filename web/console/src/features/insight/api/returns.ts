import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ask } from '@/api/questions';
import type { ReturnsAnswer, ReturnsQuestion } from '@/api/types';

export function useReturns(question: ReturnsQuestion) {
  return useQuery({
    queryKey: ['returns', question],
    queryFn: ({ signal }) => ask<ReturnsAnswer>('returns', question, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
