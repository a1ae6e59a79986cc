import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post, put, remove } from '@/api/client';
import type { Job } from '@/api/types';
import { customer_key } from './get';

function useChange<Input, Answer>(id: string, send: (input: Input) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () => queries.invalidateQueries({ queryKey: customer_key(id) }),
  });
}

const tag_path = (id: string, name: string) => `/customers/${id}/tags/${encodeURIComponent(name)}`;

export type TagInput = { name: string; value: unknown; why: string };
export type ConsentInput = { purpose: string; channel: string; granted: boolean; source: string };

export const useSetTag = (id: string) =>
  useChange(id, ({ name, ...body }: TagInput) => put(tag_path(id, name), { body }));
export const useRemoveTag = (id: string) =>
  useChange(id, ({ name, why }: { name: string; why: string }) =>
    remove(tag_path(id, name), { query: { why } }),
  );
export const useSetConsent = (id: string) =>
  useChange(id, (body: ConsentInput) => put(`/customers/${id}/consents`, { body }));
export const useMerge = (id: string) =>
  useChange(id, (body: { other: string; why: string }) =>
    post<{ customer: string }>(`/customers/${id}/merge`, { body }),
  );
export type UnbindInput = { identity: { kind: string; value: string }; why: string };
export const useUnbind = (id: string) =>
  useChange(id, (body: UnbindInput) => post<void>(`/customers/${id}/unbind`, { body }));
export const useErase = (id: string) =>
  useChange(id, (why: string) => post<Job>(`/customers/${id}/erase`, { body: { why } }));

export async function export_customer(id: string): Promise<void> {
  const data = await post<unknown>(`/customers/${id}/export`);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(
    new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }),
  );
  link.download = `${id}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
