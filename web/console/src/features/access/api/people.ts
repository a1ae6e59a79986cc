import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch, post } from '@/api/client';
import type { Page, PersonRow } from '@/api/types';

const people_key = ['people'];

export function usePeople() {
  return useQuery({
    queryKey: people_key,
    queryFn: ({ signal }) => get<Page<PersonRow>>('/people', { query: { limit: 200 }, signal }),
  });
}

export type PersonDraft = Pick<PersonRow, 'login' | 'name' | 'role' | 'org' | 'email' | 'active'>;
export type MadePerson = PersonRow & { one_time_link?: string };

export function useSavePerson() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: PersonDraft; id?: string; version?: number }) =>
      wanted.id
        ? patch<MadePerson>(`/people/${wanted.id}`, {
            body: wanted.draft,
            if_version: wanted.version,
          })
        : post<MadePerson>('/people', { body: wanted.draft }),
    onSuccess: () => queries.invalidateQueries({ queryKey: people_key }),
  });
}

export const reset_person = (id: string) => post<{ one_time_link: string }>(`/people/${id}/reset`);
