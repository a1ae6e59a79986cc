// The answer of a question in every state: not asked yet, loading, nobody, too few, failed, there.

import type { ReactNode } from 'react';
import type { Answers, QuestionKind } from '@/api/question_types';
import { useT } from '@/i18n';
import { KeptFrom } from '@/ui/kept_from';
import { Panel } from '@/ui/page';
import { exact_number } from '@/ui/numbers';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { AnswerUnderWay } from '@/ui/under_way';
import { useAnswer } from '../api/ask';
import { is_whole, type Draft } from '../question/draft';
import { headline } from '../question/headline';
import { least_people } from '../question/figures';
import { reach_of } from '../question/reach';
import { AttributionAnswerView } from './attribution';
import { FunnelAnswerView } from './funnel';
import { LifecycleAnswerView } from './lifecycle';
import { MetricAnswerView } from './metric';
import { PathsAnswerView } from './paths';
import { RetentionAnswerView } from './retention';
import { DistributionAnswerView, IntervalAnswerView } from './spread';
import { useTools } from './tools';
import './answers.css';

export function AnswerBody({ draft, answer }: { draft: Draft; answer: unknown }): ReactNode {
  switch (draft.kind) {
    case 'funnel':
      return <FunnelAnswerView draft={draft} answer={answer as Answers['funnel']} />;
    case 'retention':
      return <RetentionAnswerView draft={draft} answer={answer as Answers['retention']} />;
    case 'metric':
      return <MetricAnswerView draft={draft} answer={answer as Answers['metric']} />;
    case 'lifecycle':
      return <LifecycleAnswerView draft={draft} answer={answer as Answers['lifecycle']} />;
    case 'paths':
      return <PathsAnswerView draft={draft} answer={answer as Answers['paths']} />;
    case 'distribution':
      return <DistributionAnswerView draft={draft} answer={answer as Answers['distribution']} />;
    case 'interval':
      return <IntervalAnswerView draft={draft} answer={answer as Answers['interval']} />;
    case 'attribution':
      return <AttributionAnswerView draft={draft} answer={answer as Answers['attribution']} />;
  }
}

// How many people or cases the answer rests on.
export function base_of(draft: Draft, answer: unknown): number {
  switch (draft.kind) {
    case 'funnel':
      return (answer as Answers['funnel']).steps[0]?.count ?? 0;
    case 'retention':
      return (answer as Answers['retention']).total.size;
    case 'paths':
      return (answer as Answers['paths']).starts;
    case 'distribution':
      return (answer as Answers['distribution']).people;
    case 'interval':
      return (answer as Answers['interval']).pairs;
    case 'attribution':
      return (answer as Answers['attribution']).conversions;
    case 'lifecycle':
      return Math.max(
        ...(answer as Answers['lifecycle']).points.map(
          (one) => one.new + one.current + one.resurrected,
        ),
        0,
      );
    case 'metric':
      return (answer as Answers['metric']).series.reduce(
        (most, one) => Math.max(most, ...one.points.map((point) => Math.abs(point.value ?? 0))),
        0,
      );
  }
}

// A metric is a number, not a share, so few are no reason to doubt it.
const doubts_few = (draft: Draft) => draft.kind !== 'metric';

export function QuestionAnswer({ draft }: { draft: Draft }) {
  const t = useT();
  const { words } = useTools();
  const whole = is_whole(draft);
  const asked = useAnswer<QuestionKind>(draft.kind, draft.ask, whole);
  const answer = asked.data;
  if (!whole)
    return (
      <Panel>
        <Empty title={t('question.answer')} text={t('question.unfinished')} />
      </Panel>
    );
  if (asked.error && !asked.isFetching)
    return (
      <Panel>
        <Failure error={asked.error} retry={() => void asked.refetch()} />
      </Panel>
    );
  const under_way = <AnswerUnderWay kind={draft.kind} question={draft.ask} />;
  if (!answer) return <Waiting under_way={under_way} />;
  const base = base_of(draft, answer);
  const said = base >= least_people || !doubts_few(draft) ? headline(draft, answer, words) : null;
  return (
    <Panel
      className={`answer ${asked.isPlaceholderData ? 'stale' : ''}`}
      title={<span aria-live="polite">{said ?? t(`question.kind.${draft.kind}`)}</span>}
      extra={
        <span className="soft small">
          {t('question.computed', {
            ms: exact_number(Math.round(answer.elapsed_ms), words.language),
          })}
        </span>
      }
    >
      {under_way}
      <Based draft={draft} base={base}>
        <AnswerBody draft={draft} answer={answer} />
      </Based>
      <LeftOut draft={draft} answer={answer} />
      <Kept draft={draft} answer={answer} />
    </Panel>
  );
}

function LeftOut({ draft, answer }: { draft: Draft; answer: object }) {
  const t = useT();
  const is_merged = 'rest' in answer && Boolean(answer.rest); // the rest stands in the answer
  const count = 'left_out' in answer && !is_merged ? Number(answer.left_out) : 0;
  if (!count || draft.kind === 'paths') return null;
  return <p className="soft small">{t('question.left_out', { count })}</p>;
}

function Kept({ draft, answer }: { draft: Draft; answer: { kept_from?: string } }) {
  return reach_of(draft).map((reach) => (
    <KeptFrom key={reach} from={answer.kept_from} changes={reach} />
  ));
}

function Based(props: { draft: Draft; base: number; children: ReactNode }) {
  const t = useT();
  const { draft, base } = props;
  if (base === 0)
    return <Empty title={t('question.no_people')} text={t('question.no_people_text')} />;
  if (base >= least_people || !doubts_few(draft)) return props.children;
  return (
    <div className="stack">
      <div className="notice warn" role="status">
        <span className="grow">
          <b>{t('question.too_few')}</b>{' '}
          {t('question.too_few_text', { count: base, least: least_people })}
        </span>
      </div>
      {props.children}
    </div>
  );
}

function Waiting({ under_way }: { under_way: ReactNode }) {
  const t = useT();
  return (
    <Panel title={<Skeleton width={260} height={16} />}>
      {under_way}
      <div className="waiting-bars" role="status">
        <span className="visually-hidden">{t('ui.loading')}</span>
        {[92, 70, 46, 30, 18].map((height) => (
          <Skeleton key={height} height={`${height}%`} />
        ))}
      </div>
    </Panel>
  );
}
