import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { CountPoint } from '@/api/types';

export function useAudienceHistory(id: string) {
  return useQuery({
    queryKey: ['audiences', id, 'history'],
    queryFn: ({ signal }) => get<{ points: CountPoint[] }>(`/audiences/${id}/history`, { signal }),
  });
}
