import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { AudienceVersion, Page } from '@/api/types';

export function useAudienceVersions(id: string) {
  return useQuery({
    queryKey: ['audiences', id, 'versions'],
    queryFn: ({ signal }) => get<Page<AudienceVersion>>(`/audiences/${id}/versions`, { signal }),
  });
}
