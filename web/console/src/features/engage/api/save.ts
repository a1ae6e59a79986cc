import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post, put } from '@/api/client';
import type { Campaign, CampaignDraft } from '@/api/types';
import { campaigns_key } from './list';

export function useSaveCampaign() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: CampaignDraft; id?: string; version?: number }) =>
      wanted.id
        ? put<Campaign>(`/campaigns/${wanted.id}`, {
            body: wanted.draft,
            if_version: wanted.version,
          })
        : post<Campaign>('/campaigns', { body: wanted.draft }),
    onSuccess: () => queries.invalidateQueries({ queryKey: campaigns_key }),
  });
}
