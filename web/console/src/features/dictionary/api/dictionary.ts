import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, put } from '@/api/client';
import type { EventDefinition, Page, PropertyDefinition, TagDefinition } from '@/api/types';

export type DictionaryKind = 'events' | 'properties' | 'tags';
export type Entry = EventDefinition & Partial<PropertyDefinition> & Partial<TagDefinition>;

export function useDictionary(kind: DictionaryKind, text: string, status: string) {
  return useQuery({
    queryKey: ['dictionary', kind, text, status],
    queryFn: ({ signal }) =>
      get<Page<Entry>>(`/dictionary/${kind}`, { query: { text, status, limit: 500 }, signal }),
  });
}

export function useEntry(kind: DictionaryKind, name: string) {
  return useQuery({
    queryKey: ['dictionary', kind, 'one', name],
    queryFn: ({ signal }) =>
      get<Entry>(`/dictionary/${kind}/${encodeURIComponent(name)}`, { signal }),
  });
}

export type EntryChange = Partial<Entry> & { name: string };

export function useSaveEntry(kind: DictionaryKind) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ version, ...body }: EntryChange) =>
      put<Entry>(`/dictionary/${kind}/${encodeURIComponent(body.name)}`, {
        body,
        if_version: version,
      }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['dictionary', kind] }),
        queries.invalidateQueries({ queryKey: ['vocabulary'] }),
      ]),
  });
}

export function useMakeTag() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Partial<TagDefinition>) => post<TagDefinition>('/dictionary/tags', { body }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['dictionary', 'tags'] }),
        queries.invalidateQueries({ queryKey: ['vocabulary'] }),
      ]),
  });
}
