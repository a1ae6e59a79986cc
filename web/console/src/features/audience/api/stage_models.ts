import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, put, remove } from '@/api/client';
import type { NewStageModel, Page, StageModel } from '@/api/types';

const models_key = ['stage-models'];

export function useStageModels() {
  return useQuery({
    queryKey: models_key,
    queryFn: ({ signal }) => get<Page<StageModel>>('/stage-models', { signal }),
  });
}

export function useStageModel(id: string | undefined) {
  return useQuery({
    queryKey: [...models_key, id],
    queryFn: ({ signal }) => get<StageModel>(`/stage-models/${id}`, { signal }),
    enabled: id !== undefined,
  });
}

export function useSaveStageModel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: NewStageModel; id?: string; version?: number }) =>
      wanted.id
        ? put<StageModel>(`/stage-models/${wanted.id}`, {
            body: wanted.draft,
            if_version: wanted.version,
          })
        : post<StageModel>('/stage-models', { body: wanted.draft }),
    onSuccess: () => queries.invalidateQueries({ queryKey: models_key }),
  });
}

export function useRemoveStageModel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/stage-models/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: models_key, exact: true }),
  });
}
