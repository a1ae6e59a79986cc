import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { CampaignReport } from '@/api/types';

export function useCampaignReport(id: string, live: boolean) {
  return useQuery({
    queryKey: ['campaigns', id, 'report'],
    queryFn: ({ signal }) => get<CampaignReport>(`/campaigns/${id}/report`, { signal }),
    refetchInterval: live ? 5000 : false,
  });
}
