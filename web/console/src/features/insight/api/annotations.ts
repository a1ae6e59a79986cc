import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch, post, remove } from '@/api/client';
import type { Annotation, Page } from '@/api/types';

const annotations_key = ['annotations'];

export function useAnnotations(from?: string, to?: string, enabled = true) {
  return useQuery({
    queryKey: [...annotations_key, from, to],
    queryFn: ({ signal }) => get<Page<Annotation>>('/annotations', { query: { from, to }, signal }),
    staleTime: 60_000,
    enabled,
  });
}

export type AnnotationDraft = Pick<Annotation, 'day' | 'kind' | 'text'>;

export function useSaveAnnotation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: AnnotationDraft; id?: string; version?: number }) =>
      wanted.id
        ? patch<Annotation>(`/annotations/${wanted.id}`, {
            body: wanted.draft,
            if_version: wanted.version,
          })
        : post<Annotation>('/annotations', { body: wanted.draft }),
    onSuccess: () => queries.invalidateQueries({ queryKey: annotations_key }),
  });
}

export function useRemoveAnnotation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/annotations/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: annotations_key }),
  });
}
