// A value of a tag or property as people read it. The codes that many banks use (male, gold, android)
// have words; any other text is the bank's own and stays.

import { useLanguage, useT } from '@/i18n';
import { value_word } from '@/rule/values';
import { exact_number } from './numbers';
import { clock_time, date_only, date_time } from './times';

const instant = /^\d{4}-\d{2}-\d{2}T/;

export function useValueText(): (value: unknown) => string {
  const t = useT();
  const { language } = useLanguage();
  const text = (value: unknown): string => {
    if (value === null || value === undefined) return '–';
    if (Array.isArray(value)) return value.map(text).join(language === 'zh' ? '、' : ', ');
    if (typeof value === 'boolean') return t(value ? 'ui.yes' : 'ui.no');
    if (typeof value === 'number') return exact_number(value, language);
    if (typeof value !== 'string') return JSON.stringify(value);
    if (!instant.test(value)) return value_word(value, language);
    const is_day = clock_time(value, language) === '00:00:00';
    return is_day ? date_only(value, language) : date_time(value, language);
  };
  return text;
}
