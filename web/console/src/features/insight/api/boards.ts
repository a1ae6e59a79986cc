import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, put, remove } from '@/api/client';
import type { Board, Page } from '@/api/types';

const boards_key = ['boards'];

export function useBoards() {
  return useQuery({
    queryKey: boards_key,
    queryFn: ({ signal }) => get<Page<Board>>('/boards', { query: { limit: 200 }, signal }),
  });
}

export function useBoard(id: string) {
  return useQuery({
    queryKey: [...boards_key, id],
    queryFn: ({ signal }) => get<Board>(`/boards/${id}`, { signal }),
  });
}

export type BoardDraft = Pick<Board, 'name' | 'tiles'> &
  Partial<Pick<Board, 'shared_with' | 'edited_by'>>;

export function useSaveBoard() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: BoardDraft; id?: string; version?: number }) =>
      wanted.id
        ? put<Board>(`/boards/${wanted.id}`, { body: wanted.draft, if_version: wanted.version })
        : post<Board>('/boards', { body: wanted.draft }),
    onSuccess: () => queries.invalidateQueries({ queryKey: boards_key }),
  });
}

export function useRemoveBoard() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/boards/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: boards_key, exact: true }),
  });
}
