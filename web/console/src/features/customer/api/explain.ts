import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Explanation } from '@/api/types';

export function useExplanation(id: string, audience: string | null) {
  return useQuery({
    queryKey: ['customer', id, 'explain', audience],
    queryFn: ({ signal }) =>
      get<Explanation>(`/customers/${id}/explain`, { query: { audience }, signal }),
    enabled: audience !== null,
  });
}
