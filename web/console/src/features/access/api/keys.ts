// Tokens for scripts and write keys for SDKs: both are shown once and then never again.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, patch, post, remove } from '@/api/client';
import type { Page, Token, WriteKey, WriteKeyKind } from '@/api/types';

const tokens_key = ['tokens'];
const write_keys_key = ['write-keys'];

export function useTokens() {
  return useQuery({
    queryKey: tokens_key,
    queryFn: ({ signal }) => get<Page<Token>>('/tokens', { signal }),
  });
}

export function useWriteKeys() {
  return useQuery({
    queryKey: write_keys_key,
    queryFn: ({ signal }) => get<Page<WriteKey>>('/write-keys', { signal }),
  });
}

export function useMakeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; role: string; expires_at: string }) =>
      post<Token & { token: string }>('/tokens', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokens_key }),
  });
}

export function useMakeWriteKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { name: string; kind: WriteKeyKind; active: boolean }) =>
      post<WriteKey & { write_key: string }>('/write-keys', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: write_keys_key }),
  });
}

export function useRevokeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/tokens/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokens_key }),
  });
}

export function useSwitchWriteKey() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (key: WriteKey) =>
      patch<WriteKey>(`/write-keys/${key.id}`, {
        body: { active: !key.active },
        if_version: key.version,
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: write_keys_key }),
  });
}
