import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Page, ReadyMadeQuestion, Vocabulary } from '@/api/types';
import { examples_for } from '../question/examples';

// The ready-made questions that this bank can answer.
export function useExamples(vocabulary: Vocabulary | undefined) {
  const ready = useQuery({
    queryKey: ['ready-made'],
    queryFn: ({ signal }) => get<Page<ReadyMadeQuestion>>('/insights/ready-made', { signal }),
    staleTime: Infinity,
  });
  const data =
    ready.data && vocabulary ? examples_for(vocabulary, ready.data.items) : undefined;
  return { ...ready, data };
}
