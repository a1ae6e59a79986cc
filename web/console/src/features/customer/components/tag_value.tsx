// The value of a tag as people read it.

import { useLabel, useLanguage, useT } from '@/i18n';
import { exact_number } from '@/ui/numbers';
import { clock_time, date_only, date_time } from '@/ui/times';

const instant = /^\d{4}-\d{2}-\d{2}T/;

export function TagValue({ value }: { value: unknown }) {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  if (Array.isArray(value)) return value.join(language === 'zh' ? '、' : ', ');
  if (typeof value === 'boolean') return t(value ? 'ui.yes' : 'ui.no');
  if (typeof value === 'number') return exact_number(value, language);
  if (typeof value === 'string' && instant.test(value)) {
    const is_day = clock_time(value, language) === '00:00:00';
    return is_day ? date_only(value, language) : date_time(value, language);
  }
  return typeof value === 'string' ? label('tag_value', value) : String(value ?? '–');
}
