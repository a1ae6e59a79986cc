import { useQuery } from '@tanstack/react-query';
import { get } from './client';
import type { Colleague, Page } from './types';

// Everyone who may be told, or given something to do.
export function useColleagues() {
  return useQuery({
    queryKey: ['colleagues'],
    queryFn: ({ signal }) => get<Page<Colleague>>('/colleagues', { signal }),
    staleTime: 60_000,
  });
}
