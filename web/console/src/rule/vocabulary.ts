// Everything that a rule may name, with what people call it.

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { get } from '@/api/client';
import type { Vocabulary } from '@/api/types';
import { useLanguage } from '@/i18n';
import { names_of, type Names } from './names';

export function useVocabulary() {
  return useQuery({
    queryKey: ['vocabulary'],
    queryFn: ({ signal }) => get<Vocabulary>('/audiences/vocabulary', { signal }),
    staleTime: 60_000,
  });
}

export function useNames(): Names {
  const { language } = useLanguage();
  const vocabulary = useVocabulary().data;
  return useMemo(() => names_of(vocabulary, language), [vocabulary, language]);
}
