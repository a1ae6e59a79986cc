import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { put } from '@/api/client';
import { ask } from '@/api/questions';
import type {
  ActivityAnswer,
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
export function useActivity(product: string, org?: string) {
  return useQuery({
    queryKey: ['activity', product, org],
    queryFn: ({ signal }) =>
      ask<ActivityAnswer>(
        'activity',
        { product, within: '60d', ...(org ? { audience: { org } } : {}) },
        { signal },
      ),
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
