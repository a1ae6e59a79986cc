// How far back a page of figures looks, and from where on it marks them.

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

// A threshold of a table, beside its title.
export function LimitSelect(props: {
  label: string;
  text: (limit: number) => string;
  value: number;
  limits: readonly number[];
  change: (limit: number) => void;
}) {
  return (
    <Select<number>
      size="small"
      style={{ minWidth: 120 }}
      aria-label={props.label}
      value={props.value}
      options={props.limits.map((one) => ({ value: one, label: props.text(one) }))}
      onChange={props.change}
    />
  );
}
