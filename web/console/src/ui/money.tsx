// Amounts in CNY. Small ones keep the places that make a price of a message.

import { useLanguage } from '@/i18n';
import type { Language } from '@/api/types';
import { short_number } from './numbers';

export function money_text(value: number, language: Language, exact = false): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (!exact && size >= 10_000) return `${sign}¥${short_number(size, language)}`;
  const text = new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en', {
    minimumFractionDigits: Number.isInteger(size) ? 0 : 2,
    maximumFractionDigits: size < 1 ? 4 : 2,
  }).format(size);
  return `${sign}¥${text}`;
}

export function Money(props: { value: number | null | undefined; className?: string }) {
  const { language } = useLanguage();
  if (props.value === null || props.value === undefined) return <span className="faint">–</span>;
  const short = money_text(props.value, language);
  const exact = money_text(props.value, language, true);
  return (
    <span className={`num ${props.className ?? ''}`} title={short === exact ? undefined : exact}>
      {short}
    </span>
  );
}
