import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch, post, put, remove } from '@/api/client';
import { ask } from '@/api/questions';
import type {
  AcquisitionAnswer,
  AcquisitionQuestion,
  AcquisitionSteps,
  Page,
  Spending,
  SpendingDraft,
} from '@/api/types';

const acquisition_key = ['acquisition'];

export function useAcquisition(question: AcquisitionQuestion) {
  return useQuery({
    queryKey: [...acquisition_key, 'answer', question],
    queryFn: ({ signal }) => ask<AcquisitionAnswer>('acquisition', question, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
}

// `step` from 1 (visitors); nobody's origin is null, and without a group all are meant.
export type AcquisitionPeople = {
  group?: (string | number | boolean | null)[];
  step: number;
  outcome?: 'reached' | 'dropped';
};

export function useAcquisitionSteps() {
  return useQuery({
    queryKey: [...acquisition_key, 'steps'],
    queryFn: ({ signal }) => get<AcquisitionSteps>('/acquisition-steps', { signal }),
  });
}

export type StepRules = Pick<AcquisitionSteps, 'user' | 'customer' | 'transacting' | 'loyal'>;

export function useSaveSteps() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { rules: StepRules; version: number }) =>
      put<AcquisitionSteps>('/acquisition-steps', {
        body: wanted.rules,
        if_version: wanted.version,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: acquisition_key }),
  });
}

export function useSpending() {
  return useQuery({
    queryKey: [...acquisition_key, 'spending'],
    queryFn: ({ signal }) => get<Page<Spending>>('/spending', { signal }),
  });
}

export function useSaveSpending() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: SpendingDraft; id?: string; version?: number }) =>
      wanted.id
        ? patch<Spending>(`/spending/${wanted.id}`, {
            body: wanted.draft,
            if_version: wanted.version,
          })
        : post<Spending>('/spending', { body: wanted.draft }),
    onSuccess: () => queries.invalidateQueries({ queryKey: acquisition_key }),
  });
}

export function useRemoveSpending() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/spending/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: acquisition_key }),
  });
}
