import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { put } from '@/api/client';
import { ask } from '@/api/questions';
import type {
  ActivityAnswer,
  ActivityQuestion,
  LeagueAnswer,
  LeagueQuestion,
  NewTarget,
} from '@/api/types';

const league_key = ['league'];

export function useLeague(question: LeagueQuestion) {
  return useQuery({
    queryKey: [...league_key, question],
    queryFn: ({ signal }) => ask<LeagueAnswer>('league', question, { signal }),
    enabled: question.product !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
}

// The last sixty days of a product; `org` limits it to the customers of a unit.
export const activity_of = (product: string, org?: string): ActivityQuestion => ({
  product,
  within: '60d',
  ...(org ? { audience: { org } } : {}),
});

export function useActivity(question: ActivityQuestion) {
  return useQuery({
    queryKey: ['activity', question],
    queryFn: ({ signal }) => ask<ActivityAnswer>('activity', question, { signal }),
    enabled: question.product !== '',
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
