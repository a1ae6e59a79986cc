import { useMemo } from 'react';
import type { Vocabulary } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { names_of } from '@/rule/names';
import type { Words } from './sentence';

export function useWords(vocabulary: Vocabulary): Words {
  const t = useT();
  const { language } = useLanguage();
  return useMemo(
    () => ({ t, language, names: names_of(vocabulary, language) }),
    [t, language, vocabulary],
  );
}
