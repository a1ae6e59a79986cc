// What the campaigns of a period cost for each customer whom they won, and brought in.

import { Segmented } from 'antd';
import { useSearchParams } from 'react-router';
import { useReturns } from '@/features/insight/api/returns';
import { PutOnBoard } from '@/features/insight/ask/put_on_board';
import { ReturnsView } from '@/features/insight/returns/returns_view';
import { useT } from '@/i18n';
import { Page, Panel } from '@/ui/page';
import { Loaded } from '@/ui/states';

const spans = ['30d', '90d', 'this_year'] as const;
type Span = (typeof spans)[number];

export default function ReturnsPage() {
  const t = useT();
  const [params, set_params] = useSearchParams();
  const within: Span = spans.find((one) => one === params.get('within')) ?? '90d';
  const question = { within };
  const returns = useReturns(question);
  return (
    <Page title={t('returns.title')} lead={t('returns.lead')}>
      <div className="bar">
        <Segmented<Span>
          aria-label={t('returns.period')}
          value={within}
          options={spans.map((one) => ({ value: one, label: t(`returns.period.${one}`) }))}
          onChange={(span) => set_params({ within: span })}
        />
      </div>
      <Panel
        flush
        title={t('returns.costs')}
        extra={<PutOnBoard page={{ kind: 'returns', ask: question }} title={t('returns.title')} />}
      >
        <Loaded of={returns} height={320}>
          {(answer) => <ReturnsView answer={answer} question={question} about={t('returns.title')} />}
        </Loaded>
        <p className="soft small" style={{ padding: '8px 16px 12px' }}>
          {t('returns.text')}
        </p>
      </Panel>
    </Page>
  );
}
