import type { EntriesQuestion, EntryRow } from '@/api/types';
import { useOwnText } from '@/i18n';
import { useNames } from '@/rule/vocabulary';

// What an entry is called: a unit by its name, anything else as it was recorded.
export function useEntryName(question: EntriesQuestion) {
  const names = useNames();
  const own = useOwnText();
  return (row: EntryRow) =>
    row.name ??
    (question.by[0] === 'tag:org' ? names.org(String(row.entry)) : own(String(row.entry)));
}
