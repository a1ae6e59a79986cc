import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { download, get, patch, post, remove } from '@/api/client';
import type { Page, SqlPastRun, SqlQuery, SqlRun, SqlSchema } from '@/api/types';

const runs_key = ['sql', 'runs'];
const kept_key = ['sql', 'kept'];
const run_key = (id: string | null) => ['sql', 'run', id];
const ask_again_ms = 500;

export function useSqlSchema() {
  return useQuery({
    queryKey: ['sql', 'schema'],
    queryFn: ({ signal }) => get<SqlSchema>('/sql/schema', { signal }),
    staleTime: Infinity,
  });
}

export function useSqlRuns() {
  return useQuery({
    queryKey: runs_key,
    queryFn: ({ signal }) => get<Page<SqlPastRun>>('/sql/runs', { signal }),
  });
}

export type SqlAsk = { text: string; rows: number; seconds: number };

// Asks one query at a time and follows it until it has ended.
export function useSqlRun() {
  const queries = useQueryClient();
  const [id, set_id] = useState<string | null>(null);
  const ended = () => void queries.invalidateQueries({ queryKey: runs_key });
  const run = useQuery({
    queryKey: run_key(id),
    queryFn: async ({ signal }) => {
      const now = await get<SqlRun>(`/sql/runs/${id}`, { signal });
      if (now.state !== 'running') ended();
      return now;
    },
    enabled: id !== null,
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? ask_again_ms : false),
    staleTime: Infinity,
    gcTime: 0,
  });
  const ask = useMutation({
    mutationFn: (wanted: SqlAsk) => post<SqlRun>('/sql/runs', { body: wanted }),
    onSuccess: (made) => {
      queries.setQueryData(run_key(made.id), made);
      set_id(made.id);
      ended();
    },
  });
  const stop = useMutation({
    mutationFn: () => remove(`/sql/runs/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: run_key(id) }),
  });
  return { run: run.data, ask, stop };
}

export const download_run = (run: SqlRun, format: 'csv' | 'parquet') =>
  download(
    `/sql/runs/${run.id}/file?format=${format}`,
    `query.${format}`,
    format === 'csv' ? 'text/csv' : 'application/vnd.apache.parquet',
  );

export function useKeptQueries() {
  return useQuery({
    queryKey: kept_key,
    queryFn: ({ signal }) => get<Page<SqlQuery>>('/sql/queries', { signal }),
  });
}

export function useKeepQuery() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id?: string; name: string; text: string }) =>
      id
        ? patch<SqlQuery>(`/sql/queries/${id}`, { body })
        : post<SqlQuery>('/sql/queries', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: kept_key }),
  });
}

export function useRemoveQuery() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/sql/queries/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: kept_key }),
  });
}
