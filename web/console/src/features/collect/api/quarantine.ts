import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { get, post, remove } from '@/api/client';
import type { Job, Page, Quarantined } from '@/api/types';

const quarantine_key = ['quarantine'];

export type QuarantineFilter = { reason: string; status: string; text: string };

export function useQuarantine(filter: QuarantineFilter) {
  return useInfiniteQuery({
    queryKey: [...quarantine_key, filter],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Quarantined>>('/quarantine', { query: { ...filter, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

function useChange<Input, Output>(send: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => queries.invalidateQueries({ queryKey: quarantine_key }),
  });
}

export const useReplay = () =>
  useChange(({ id, record }: { id: string; record?: unknown }) =>
    post<{ accepted: boolean }>(`/quarantine/${id}/replay`, {
      body: record === undefined ? {} : { record },
    }),
  );
export const useReplayAll = () =>
  useChange((reason: string) => post<{ job: Job }>('/quarantine/replay', { body: { reason } }));
export const useDrop = () => useChange((id: string) => remove(`/quarantine/${id}`));
