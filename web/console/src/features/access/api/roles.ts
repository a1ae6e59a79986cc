import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Role } from '@/api/types';

export function useRoles() {
  return useQuery({
    queryKey: ['roles'],
    queryFn: ({ signal }) => get<{ items: Role[] }>('/roles', { signal }),
    staleTime: 300_000,
  });
}
