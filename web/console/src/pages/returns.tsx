// What the campaigns of a period cost for each customer whom they won, and brought in.

import { useSearchParams } from 'react-router';
import { SpanChoice, span_of } from '@/features/insight/acquisition/span';
import { useReturns } from '@/features/insight/api/returns';
import { PutOnBoard } from '@/features/insight/ask/put_on_board';
import { ReturnsView } from '@/features/insight/returns/returns_view';
import { useT } from '@/i18n';
import { Page, Panel } from '@/ui/page';
import { Loaded } from '@/ui/states';

export default function ReturnsPage() {
  const t = useT();
  const [params, set_params] = useSearchParams();
  const within = span_of(params.get('within'), '90d');
  const question = { within };
  const returns = useReturns(question);
  return (
    <Page title={t('returns.title')} lead={t('returns.lead')}>
      <div className="bar">
        <SpanChoice
          label={t('returns.period')}
          value={within}
          change={(span) => set_params({ within: span })}
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
