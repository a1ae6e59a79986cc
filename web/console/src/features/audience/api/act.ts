import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { Audience } from '@/api/types';
import { audiences_key } from './list';

export type AudienceAct = 'clone' | 'archive' | 'refresh';

export function useActOnAudience() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, act }: { id: string; act: AudienceAct }) =>
      post<Audience>(`/audiences/${id}/${act}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: audiences_key }),
  });
}
