import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch, post, remove } from '@/api/client';
import type { Org, Page } from '@/api/types';

const orgs_key = ['orgs'];

export function useOrgs() {
  return useQuery({
    queryKey: orgs_key,
    queryFn: ({ signal }) => get<Page<Org>>('/orgs', { query: { limit: 1000 }, signal }),
  });
}

export type OrgDraft = Pick<Org, 'code' | 'name' | 'parent' | 'kind'>;

export function useSaveOrg() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: OrgDraft; id?: string; version?: number }) =>
      wanted.id
        ? patch<Org>(`/orgs/${wanted.id}`, { body: wanted.draft, if_version: wanted.version })
        : post<Org>('/orgs', { body: wanted.draft }),
    onSuccess: () => queries.invalidateQueries({ queryKey: orgs_key }),
  });
}

export function useRemoveOrg() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/orgs/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: orgs_key }),
  });
}
