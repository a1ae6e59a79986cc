import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { TimelinePage } from '@/api/types';

const page_size = 30;

export function useTimeline(id: string, event: string) {
  return useInfiniteQuery({
    queryKey: ['customer', id, 'timeline', event],
    queryFn: ({ signal, pageParam }) =>
      get<TimelinePage>(`/customers/${id}/timeline`, {
        query: { limit: page_size, event, before: pageParam },
        signal,
      }),
    initialPageParam: '',
    // The contract pages by time: the next page is what was before the last entry of this one.
    getNextPageParam: (last) =>
      last.next_cursor ?? (last.items.length === page_size ? last.items.at(-1)!.at : undefined),
  });
}
