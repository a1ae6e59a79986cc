import { queryOptions, useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { CampaignReport } from '@/api/types';

export const report_of = (id: string) =>
  queryOptions({
    queryKey: ['campaigns', id, 'report'],
    queryFn: ({ signal }) => get<CampaignReport>(`/campaigns/${id}/report`, { signal }),
  });

export function useCampaignReport(id: string, live: boolean) {
  return useQuery({ ...report_of(id), refetchInterval: live ? 5000 : false });
}
