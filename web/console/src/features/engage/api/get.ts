import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Campaign } from '@/api/types';
import { campaigns_key } from './list';

const live_ms = 2000;

// A running campaign is read again every two seconds: its progress is watched live.
export function useCampaign(id: string | undefined) {
  return useQuery({
    queryKey: [...campaigns_key, id],
    queryFn: ({ signal }) => get<Campaign>(`/campaigns/${id}`, { signal }),
    enabled: id !== undefined,
    refetchInterval: (query) => (query.state.data?.state === 'running' ? live_ms : false),
  });
}
