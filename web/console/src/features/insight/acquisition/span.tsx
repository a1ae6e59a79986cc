// How far back newcomers and campaigns are looked at.

import { Segmented } from 'antd';
import { useT } from '@/i18n';

const spans = ['30d', '90d', 'this_year'] as const;
export type Span = (typeof spans)[number];

export const span_of = (within: string | null | undefined, otherwise: Span): Span =>
  spans.find((one) => one === within) ?? otherwise;

export function SpanChoice(props: { label: string; value: Span; change: (span: Span) => void }) {
  const t = useT();
  return (
    <Segmented<Span>
      aria-label={props.label}
      value={props.value}
      options={spans.map((one) => ({ value: one, label: t(`acquisition.period.${one}`) }))}
      onChange={props.change}
    />
  );
}
