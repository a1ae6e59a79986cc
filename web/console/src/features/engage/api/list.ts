import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Campaign, Page } from '@/api/types';

export const campaigns_key = ['campaigns'];

export function useCampaigns() {
  return useQuery({
    queryKey: campaigns_key,
    queryFn: ({ signal }) => get<Page<Campaign>>('/campaigns', { query: { limit: 200 }, signal }),
  });
}
