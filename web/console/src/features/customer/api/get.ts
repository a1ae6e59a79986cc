import { useQuery } from '@tanstack/react-query';
import { get } from '@/api/client';
import type { Customer } from '@/api/types';

export const customer_key = (id: string) => ['customer', id];

export function useCustomer(id: string) {
  return useQuery({
    queryKey: customer_key(id),
    queryFn: ({ signal }) => get<Customer>(`/customers/${id}`, { signal }),
  });
}
