import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { get, patch, post } from '@/api/client';
import type { Page, WorkItem } from '@/api/types';

const items_key = ['work-items'];

export type WorkFilter = { state: 'open' | 'done'; mine: boolean };

export function useWorkItems({ state, mine }: WorkFilter) {
  return useInfiniteQuery({
    queryKey: [...items_key, state, mine],
    queryFn: ({ pageParam, signal }) =>
      get<Page<WorkItem>>('/work-items', {
        query: { state, mine: mine || null, limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  });
}

export type WorkDraft = Partial<
  Pick<WorkItem, 'title' | 'why' | 'link' | 'assignee' | 'note' | 'state'>
>;

export function useSaveWorkItem() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: WorkDraft; id?: string; version?: number }) =>
      wanted.id
        ? patch<WorkItem>(`/work-items/${wanted.id}`, {
            body: wanted.draft,
            if_version: wanted.version,
          })
        : post<WorkItem>('/work-items', { body: wanted.draft }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: items_key });
      void queries.invalidateQueries({ queryKey: ['overview'] });
    },
  });
}
