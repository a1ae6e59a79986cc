import { useLabel, useT } from '@/i18n';

// What an origin is called; null: nobody knows it.
export function useOriginName() {
  const t = useT();
  const label = useLabel();
  return (value: string | number | boolean | null) =>
    value === null ? t('acquisition.unknown') : label('origin', String(value));
}
