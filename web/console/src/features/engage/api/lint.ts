import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { CampaignDraft, CampaignLint } from '@/api/types';
import { useDebounced } from '@/ui/debounce';

// Problems and previews of the message on real members, as it is written.
export function useCampaignLint(
  draft: Pick<CampaignDraft, 'message' | 'audience' | 'channel'>,
  ready: boolean,
) {
  const rested = useDebounced(JSON.stringify(draft), 300);
  return useQuery({
    queryKey: ['campaign-lint', rested],
    queryFn: ({ signal }) =>
      post<CampaignLint>('/campaigns/lint', { body: JSON.parse(rested) as unknown, signal }),
    enabled: ready,
    placeholderData: keepPreviousData,
  });
}
