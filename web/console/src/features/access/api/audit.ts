import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { AuditEntry, AuditVerdict, Page } from '@/api/types';

export type AuditFilter = { who: string; action: string };

export function useAudit(filter: AuditFilter) {
  return useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ signal, pageParam }) =>
      get<Page<AuditEntry>>('/audit', {
        query: { ...filter, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

export const verify_audit = () => get<AuditVerdict>('/audit/verify', { timeout_ms: 120_000 });
