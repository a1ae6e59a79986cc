import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Member, Page, PeopleSet } from '@/api/types';

export type PeopleOf = { set: PeopleSet; reason?: string };

export function useCampaignPeople(id: string, of: PeopleOf) {
  return useInfiniteQuery({
    queryKey: ['campaigns', id, 'people', of],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Member>>(`/campaigns/${id}/people`, {
        query: { ...of, cursor: pageParam, limit: 50 },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    gcTime: 0,
  });
}
