import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Audience, Page } from '@/api/types';

export const audiences_key = ['audiences'];

export function useAudiences() {
  return useQuery({
    queryKey: audiences_key,
    queryFn: ({ signal }) => get<Page<Audience>>('/audiences', { query: { limit: 200 }, signal }),
  });
}
