import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post, remove } from '@/api/client';
import type { Campaign } from '@/api/types';
import { campaigns_key } from './list';

export type CampaignAct =
  'submit' | 'approve' | 'reject' | 'withdraw' | 'launch' | 'pause' | 'resume' | 'stop' | 'clone';

export function useActOnCampaign() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, act, body }: { id: string; act: CampaignAct; body?: { reason: string } }) =>
      post<Campaign>(`/campaigns/${id}/${act}`, { body: body ?? {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: campaigns_key }),
  });
}

export function useRemoveCampaign() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/campaigns/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: campaigns_key }),
  });
}
