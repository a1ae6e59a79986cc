import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { ReturnsAnswer, ReturnsQuestion } from '@/api/types';

export function useReturns(question: ReturnsQuestion) {
  return useQuery({
    queryKey: ['returns', question],
    queryFn: ({ signal }) => post<ReturnsAnswer>('/insights/returns', { body: question, signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
