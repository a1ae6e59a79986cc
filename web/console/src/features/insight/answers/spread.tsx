// How something is spread: people by how often, rows by the hour, pairs by the time between them.

import { useMemo, type ReactNode } from 'react';
import type { DistributionAnswer, IntervalAnswer } from '@/api/question_types';
import { useT } from '@/i18n';
import { BarChart } from '@/ui/chart';
import { short_number } from '@/ui/numbers';
import { Num } from '@/ui/show';
import type { DraftOf } from '../question/draft';
import { bucket_text } from '../question/headline';
import { event_name } from '../question/sentence';
import { span_text } from '../question/share_words';
import { FiguresTable, OpenNumber } from './figures_table';
import { useTools } from './tools';

function Middle({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className="middle">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function DistributionAnswerView(props: {
  draft: DraftOf<'distribution'>;
  answer: DistributionAnswer;
}) {
  const t = useT();
  const { answer } = props;
  const { measure } = props.draft.ask;
  const { words, small, open_people } = useTools();
  const { language } = words;
  const by_hour = measure === 'hour';
  const drawn = useMemo(
    () => ({
      labels: answer.buckets.map((one) => bucket_text(one, measure, words)),
      series: [
        {
          name: t(by_hour ? 'question.rows' : 'question.count'),
          values: answer.buckets.map((one) => (by_hour ? one.rows : one.people)),
        },
      ],
    }),
    [answer, measure, by_hour, words, t],
  );
  const open = (at: number) => open_people({ bucket: at }, drawn.labels[at]!);
  const shown = (value: number | null) => (value === null ? '–' : short_number(value, language));
  return (
    <div className="stack">
      {!small && !by_hour && (
        <Middle
          facts={[
            [t('question.count'), <Num key="n" value={answer.people} />],
            [t('question.mean'), shown(answer.mean)],
            [t('question.middle'), shown(answer.median)],
            [t('question.p90'), shown(answer.p90)],
          ]}
        />
      )}
      <BarChart
        {...drawn}
        label={t('question.kind.distribution')}
        height={small ? '100%' : 300}
        labelled={!by_hour}
        on_pick={open}
      />
      {!small && (
        <FiguresTable
          label={t('question.kind.distribution')}
          head={[t('question.bucket'), t('question.count'), t('question.rows')]}
          rows={answer.buckets.map((one, i) => ({
            key: String(i),
            cells: [
              drawn.labels[i]!,
              <OpenNumber
                key="p"
                value={one.people}
                label={`${drawn.labels[i]}: ${one.people}`}
                open={() => open(i)}
              />,
              <Num key="r" value={one.rows} />,
            ],
          }))}
        />
      )}
    </div>
  );
}

export function IntervalAnswerView(props: {
  draft: DraftOf<'interval'>;
  answer: IntervalAnswer;
}) {
  const t = useT();
  const { draft, answer } = props;
  const { words, small, open_people } = useTools();
  const { language } = words;
  const drawn = useMemo(
    () => ({
      labels: answer.buckets.map((one) =>
        t('question.within_span', { span: span_text(one.until_ms, language) }),
      ),
      series: [{ name: t('question.rows'), values: answer.buckets.map((one) => one.count) }],
    }),
    [answer, language, t],
  );
  const way = [draft.ask.first, draft.ask.then]
    .map((one) => event_name(one.event, words))
    .join(' → ');
  const open = (at: number) => open_people({ bucket: at }, `${way} · ${drawn.labels[at]}`);
  const open_all = () => open_people({}, way, answer.rule ?? undefined);
  const span = (ms: number | null) => (ms === null ? '–' : span_text(ms, language));
  return (
    <div className="stack">
      {!small && (
        <Middle
          facts={[
            [t('question.rows'), <Num key="p" value={answer.pairs} />],
            [
              t('question.count'),
              <OpenNumber
                key="n"
                value={answer.people}
                label={`${t('question.count')}: ${answer.people}`}
                open={open_all}
              />,
            ],
            [t('question.middle'), span(answer.median_ms)],
            [t('question.p90'), span(answer.p90_ms)],
          ]}
        />
      )}
      <BarChart
        {...drawn}
        label={t('question.kind.interval')}
        height={small ? '100%' : 300}
        labelled
        on_pick={open}
      />
      {!small && (
        <FiguresTable
          label={t('question.kind.interval')}
          head={[t('question.time'), t('question.rows')]}
          rows={answer.buckets.map((one, i) => ({
            key: String(i),
            cells: [
              drawn.labels[i]!,
              <OpenNumber
                key="c"
                value={one.count}
                label={`${drawn.labels[i]}: ${one.count}`}
                open={() => open(i)}
              />,
            ],
          }))}
        />
      )}
    </div>
  );
}
