import { useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { Member, Page } from '@/api/types';

export type CustomerSearch = { identity: Record<string, string> } | { text: string; limit: number };

// The words go in the body: personal data never stands in an address or a log of addresses.
export function useCustomerSearch(wanted: CustomerSearch | null) {
  return useQuery({
    queryKey: ['customer-search', wanted],
    queryFn: ({ signal }) => post<Page<Member>>('/customers/search', { body: wanted, signal }),
    enabled: wanted !== null,
    gcTime: 0,
  });
}
