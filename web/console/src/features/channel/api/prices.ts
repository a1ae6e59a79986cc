import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, remove } from '@/api/client';
import type { NewPrice, Page, Price } from '@/api/types';

const prices_key = ['prices'];

export function usePrices() {
  return useQuery({
    queryKey: prices_key,
    queryFn: ({ signal }) => get<Page<Price>>('/prices', { signal }),
  });
}

export function useAddPrice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (draft: NewPrice) => post<Price>('/prices', { body: draft }),
    onSuccess: () => queries.invalidateQueries({ queryKey: prices_key }),
  });
}

export function useRemovePrice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/prices/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: prices_key }),
  });
}
