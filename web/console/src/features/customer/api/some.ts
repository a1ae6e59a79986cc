import { useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { AudiencePreview } from '@/api/types';

const how_many = 20;

// A few customers to begin with, for someone who has no name or number at hand.
export function useSomeCustomers(wanted: boolean) {
  return useQuery({
    queryKey: ['customers', 'some'],
    queryFn: ({ signal }) =>
      post<AudiencePreview>('/audiences/preview', {
        body: { rule: { all: [] }, sample_size: how_many },
        signal,
      }),
    enabled: wanted,
    select: (preview) => preview.sample,
  });
}
