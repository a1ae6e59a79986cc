import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, put } from '@/api/client';
import type { ContactPolicy } from '@/api/types';

const policy_key = ['contact-policy'];

export function useContactPolicy() {
  return useQuery({
    queryKey: policy_key,
    queryFn: ({ signal }) => get<ContactPolicy>('/contact-policy', { signal }),
  });
}

export function useSaveContactPolicy() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ version, ...policy }: ContactPolicy) =>
      put<ContactPolicy>('/contact-policy', { body: policy, if_version: version }),
    onSuccess: () => queries.invalidateQueries({ queryKey: policy_key }),
  });
}
