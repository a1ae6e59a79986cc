import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, put, remove } from '@/api/client';
import { ask } from '@/api/questions';
import type { Page, Product, ProductDraft, ProductsAnswer, ProductsQuestion } from '@/api/types';

const products_key = ['products'];

export function useProducts() {
  return useQuery({
    queryKey: products_key,
    queryFn: ({ signal }) => get<Page<Product>>('/products', { signal }),
  });
}

export function useSaveProduct() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { draft: ProductDraft; id?: string; version?: number }) =>
      wanted.id
        ? put<Product>(`/products/${wanted.id}`, { body: wanted.draft, if_version: wanted.version })
        : post<Product>('/products', { body: wanted.draft }),
    onSuccess: () => queries.invalidateQueries({ queryKey: products_key }),
  });
}

export function useRemoveProduct() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => remove(`/products/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: products_key }),
  });
}

export type UnitOfTime = { per: 'day' | 'week' | 'month'; at?: string };

// All products beside each other in a day, week or month.
export function useProductResults(unit: ProductsQuestion) {
  return useQuery({
    queryKey: [...products_key, 'results', unit],
    queryFn: ({ signal }) => ask<ProductsAnswer>('products', unit, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}
