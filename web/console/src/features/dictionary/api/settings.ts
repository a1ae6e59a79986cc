import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch } from '@/api/client';
import type { Settings } from '@/api/types';

const settings_key = ['settings'];

export function useSettings() {
  return useQuery({
    queryKey: settings_key,
    queryFn: ({ signal }) => get<Settings>('/settings', { signal }),
  });
}

export function useSaveSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ version, ...body }: Partial<Settings>) =>
      patch<Settings>('/settings', { body, if_version: version }),
    onSuccess: () => queries.invalidateQueries({ queryKey: settings_key }),
  });
}
