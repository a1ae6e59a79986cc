// How far back the moves between stages are followed.

import { Segmented } from 'antd';
import type { StageQuestion } from '@/api/types';
import { useT } from '@/i18n';

export type Span = 'month' | 'quarter';
const spans: Span[] = ['month', 'quarter'];

export const asked_of_span: Record<Span, Required<Pick<StageQuestion, 'within' | 'per'>>> = {
  month: { within: '30d', per: 'day' },
  quarter: { within: '90d', per: 'week' },
};

export const span_of = (within: string | null | undefined): Span =>
  within === asked_of_span.quarter.within ? 'quarter' : 'month';

export function SpanChoice(props: { value: Span; change: (span: Span) => void }) {
  const t = useT();
  return (
    <Segmented<Span>
      aria-label={t('stage.span')}
      value={props.value}
      options={spans.map((one) => ({ value: one, label: t(`stage.span.${one}`) }))}
      onChange={props.change}
    />
  );
}
