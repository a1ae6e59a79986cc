import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Audience } from '@/api/types';
import { audiences_key } from './list';

export function useAudience(id: string | undefined) {
  return useQuery({
    queryKey: [...audiences_key, id],
    queryFn: ({ signal }) => get<Audience>(`/audiences/${id}`, { signal }),
    enabled: id !== undefined,
    // While the people of a fixed one are being written.
    refetchInterval: (query) => (query.state.data?.fixed?.status === 'filling' ? 1500 : false),
  });
}
