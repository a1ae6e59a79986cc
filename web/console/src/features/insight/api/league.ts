import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { post, put } from '@/api/client';
import type {
  ActivityAnswer,
  LeagueAnswer,
  LeaguePart,
  LeagueQuestion,
  Member,
  NewTarget,
  Page,
} from '@/api/types';

const league_key = ['league'];

export function useLeague(question: LeagueQuestion) {
  return useQuery({
    queryKey: [...league_key, question],
    queryFn: ({ signal }) => post<LeagueAnswer>('/insights/league', { body: question, signal }),
    enabled: question.product !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
}

export type PeopleOfUnit = { league: LeagueQuestion; org?: string; part: LeaguePart };

const most_shown = 50;

export function useLeaguePeople(of: PeopleOfUnit) {
  return useQuery({
    queryKey: [...league_key, 'people', of],
    queryFn: ({ signal }) =>
      post<Page<Member> & { total?: number }>('/insights/people', {
        body: { ...of, limit: most_shown },
        signal,
      }),
    gcTime: 0,
  });
}

// The last sixty days of a product; `org` limits it to the customers of a unit.
export function useActivity(product: string, org?: string) {
  return useQuery({
    queryKey: ['activity', product, org],
    queryFn: ({ signal }) =>
      post<ActivityAnswer>('/insights/activity', {
        body: { product, within: '60d', ...(org ? { audience: { org } } : {}) },
        signal,
      }),
    enabled: product !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export function useSetTarget() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (target: NewTarget) => put('/targets', { body: target }),
    onSuccess: () => queries.invalidateQueries({ queryKey: league_key }),
  });
}
