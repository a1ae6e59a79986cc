import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch, post, remove } from '@/api/client';
import type { Channel, Page } from '@/api/types';

const channels_key = ['channels'];
const watch_ms = 15_000;

export function useChannels() {
  return useQuery({
    queryKey: channels_key,
    queryFn: ({ signal }) => get<Page<Channel>>('/channels', { query: { limit: 200 }, signal }),
    refetchInterval: watch_ms,
  });
}

export type ChannelDraft = Pick<Channel, 'kind' | 'name' | 'settings' | 'rate_per_s' | 'active'>;

export function useSaveChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: ChannelDraft; id?: string; version?: number }) =>
      wanted.id
        ? patch<Channel>(`/channels/${wanted.id}`, {
            body: wanted.draft,
            if_version: wanted.version,
          })
        : post<Channel>('/channels', { body: wanted.draft }),
    onSuccess: () => queries.invalidateQueries({ queryKey: channels_key }),
  });
}

export function useRemoveChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/channels/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: channels_key }),
  });
}

export const test_channel = (id: string, to: string) =>
  post<unknown>(`/channels/${id}/test`, { body: { to } });
