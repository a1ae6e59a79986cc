import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch, post, remove } from '@/api/client';
import type { MetricAsked } from '@/api/question_types';
import type { Alert, AlertCheck, AlertPreview, AlertRule, Page } from '@/api/types';
import { useDebounced } from '@/ui/debounce';

const alerts_key = ['alerts'];
const watch_ms = 60_000;

export function useAlerts() {
  return useQuery({
    queryKey: alerts_key,
    queryFn: ({ signal }) => get<Page<Alert>>('/alerts', { signal }),
    refetchInterval: watch_ms,
  });
}

export function useAlert(id: string) {
  return useQuery({
    queryKey: [...alerts_key, id],
    queryFn: ({ signal }) => get<Alert>(`/alerts/${id}`, { signal }),
  });
}

export function useAlertChecks(id: string) {
  return useQuery({
    queryKey: [...alerts_key, id, 'checks'],
    queryFn: ({ signal }) => get<Page<AlertCheck>>(`/alerts/${id}/checks`, { signal }),
  });
}

// How often it would have fired, asked once the fields have rested; null: not whole yet.
export function useAlertPreview(metric: MetricAsked, rule: AlertRule | null) {
  const rested = useDebounced(JSON.stringify({ metric, rule }), 300);
  return useQuery({
    queryKey: ['alert-preview', rested],
    queryFn: ({ signal }) =>
      post<AlertPreview>('/alerts/preview', { body: JSON.parse(rested), signal }),
    enabled: rule !== null && (JSON.parse(rested) as { rule: unknown }).rule !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export type AlertDraft = Pick<
  Alert,
  'name' | 'metric' | 'rule' | 'at' | 'recipients' | 'assignee' | 'opens_item' | 'active'
>;

function useRefresh() {
  const queries = useQueryClient();
  return () => {
    void queries.invalidateQueries({ queryKey: alerts_key });
    void queries.invalidateQueries({ queryKey: ['overview'] });
  };
}

export function useSaveAlert() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (wanted: { draft: AlertDraft; id?: string; version?: number }) =>
      wanted.id
        ? patch<Alert>(`/alerts/${wanted.id}`, { body: wanted.draft, if_version: wanted.version })
        : post<Alert>('/alerts', { body: wanted.draft }),
    onSuccess: refresh,
  });
}

export function useAcknowledge() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => post<Alert>(`/alerts/${id}/acknowledge`),
    onSuccess: refresh,
  });
}

export function useRemoveAlert() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/alerts/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: alerts_key, exact: true }),
  });
}
