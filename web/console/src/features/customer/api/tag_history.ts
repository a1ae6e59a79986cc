import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Page, TagChange } from '@/api/types';

export function useTagHistory(id: string, tag: string) {
  return useQuery({
    queryKey: ['customer', id, 'tag', tag],
    queryFn: ({ signal }) =>
      get<Page<TagChange>>(`/customers/${id}/tags/${encodeURIComponent(tag)}/history`, { signal }),
  });
}
