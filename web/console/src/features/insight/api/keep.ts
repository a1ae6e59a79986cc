import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { Audience } from '@/api/types';
import { request_of, type KeptPeople } from '../people/kept';

export function useKeepPeople() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ kept, key }: { kept: KeptPeople; key: string }) => {
      const { path, body } = request_of(kept);
      return post<Audience>(path, { body, key });
    },
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['audiences'] }),
        queries.invalidateQueries({ queryKey: ['vocabulary'] }),
      ]),
  });
}
