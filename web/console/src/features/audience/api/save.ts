import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post, put } from '@/api/client';
import type { Audience, Refresh } from '@/api/types';
import type { Rule } from '@/rule/types';
import { audiences_key } from './list';

export type AudienceDraft = { name: string; description: string; rule: Rule; refresh: Refresh };

// Creates the audience, or changes the one that was read at `version`.
export function useSaveAudience() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: AudienceDraft; id?: string; version?: number }) =>
      wanted.id
        ? put<Audience>(`/audiences/${wanted.id}`, {
            body: wanted.draft,
            if_version: wanted.version,
          })
        : post<Audience>('/audiences', { body: wanted.draft }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: audiences_key }),
        queries.invalidateQueries({ queryKey: ['vocabulary'] }),
      ]),
  });
}
