import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Explanation, Language } from '@/api/types';

export function useExplanation(id: string, audience: string | null, language: Language) {
  return useQuery({
    queryKey: ['customer', id, 'explain', audience, language],
    queryFn: ({ signal }) =>
      get<Explanation>(`/customers/${id}/explain`, { query: { audience, language }, signal }),
    enabled: audience !== null,
  });
}
