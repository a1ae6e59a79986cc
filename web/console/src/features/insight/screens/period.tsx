// How far back a page of figures looks.

import { Select } from 'antd';
import { useT } from '@/i18n';

const choices = ['7d', '30d', '60d', '90d'] as const;
export type Within = (typeof choices)[number];

export const within_of = (text: string): Within =>
  choices.find((one) => one === text) ?? '60d';

export function PeriodSelect(props: { value: Within; change: (within: Within) => void }) {
  const t = useT();
  return (
    <Select<Within>
      style={{ width: 130 }}
      aria-label={t('screen.within')}
      value={props.value}
      options={choices.map((one) => ({ value: one, label: t(`screen.within.${one}`) }))}
      onChange={props.change}
    />
  );
}
