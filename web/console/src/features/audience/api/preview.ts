import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { AudiencePreview } from '@/api/types';
import type { Rule } from '@/rule/types';
import { useDebounced } from '@/ui/debounce';

// The wait is short enough that the answer is there within 200 ms of the last change.
const rest_ms = 120;

export function useAudiencePreview(rule: Rule) {
  const rested = useDebounced(JSON.stringify(rule), rest_ms);
  return useQuery({
    queryKey: ['audience-preview', rested],
    queryFn: ({ signal }) =>
      post<AudiencePreview>('/audiences/preview', {
        body: { rule: JSON.parse(rested) as Rule, sample_size: 5, parts: true },
        signal,
      }),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
}
