// How many reach each step, how many leave after it, how long it takes; by group and over time.

import { useMemo } from 'react';
import type { FunnelAnswer } from '@/api/question_types';
import { useT } from '@/i18n';
import { BarChart, LineChart } from '@/ui/chart';
import { useNotes } from '../annotations/marks';
import { exact_number, percent } from '@/ui/numbers';
import { Num, Share, useNarrow } from '@/ui/show';
import { day_and_month } from '@/ui/times';
import { split_audiences, type DraftOf } from '../question/draft';
import { funnel_rows } from '../question/figures';
import { group_text } from '../question/headline';
import { event_name } from '../question/sentence';
import { span_text } from '../question/share_words';
import { FiguresTable, OpenNumber } from './figures_table';
import { FunnelColumns, FunnelLines } from './funnel_bars';
import { useTools } from './tools';

type Props = { draft: DraftOf<'funnel'>; answer: FunnelAnswer };

const most_columns = 7;

export function FunnelAnswerView({ draft, answer }: Props) {
  const narrow = useNarrow();
  const { small } = useTools();
  const Bars = narrow || small || answer.steps.length > most_columns ? FunnelLines : FunnelColumns;
  return (
    <div className="stack">
      {!small && <Converted answer={answer} />}
      <Bars draft={draft} answer={answer} rows={funnel_rows(answer.steps)} />
      {!small && <More draft={draft} answer={answer} />}
    </div>
  );
}

function Converted({ answer }: { answer: FunnelAnswer }) {
  const t = useT();
  const { words } = useTools();
  const first = answer.steps[0]?.count ?? 0;
  const last = answer.steps.at(-1)?.count ?? 0;
  return (
    <p className="soft">
      <b className="big-share">
        {t('question.converted', { share: percent(first ? last / first : 0, words.language) })}
      </b>{' '}
      {t('question.converted_base', {
        count: exact_number(last, words.language),
        base: exact_number(first, words.language),
      })}
    </p>
  );
}

function More({ draft, answer }: Props) {
  const t = useT();
  return (
    <>
      <div className="columns half">
        {answer.groups && answer.groups.length > 0 && (
          <figure className={answer.series || answer.times ? '' : 'wide'}>
            <figcaption>{t('question.chart.groups')}</figcaption>
            <Groups draft={draft} answer={answer} />
            {split_audiences(draft.ask.by) && (
              <p className="soft small">{t('question.in_several')}</p>
            )}
          </figure>
        )}
        {answer.series && answer.series.length > 1 && (
          <figure>
            <figcaption>{t('question.chart.funnel_series')}</figcaption>
            <Series answer={answer} />
          </figure>
        )}
        {answer.times && answer.times.some((one) => one.count > 0) && (
          <figure>
            <figcaption>{t('question.chart.times')}</figcaption>
            <Times answer={answer} />
          </figure>
        )}
      </div>
      <StepTable draft={draft} answer={answer} />
    </>
  );
}

function Times({ answer }: { answer: FunnelAnswer }) {
  const t = useT();
  const { words } = useTools();
  const drawn = useMemo(() => {
    const times = answer.times ?? [];
    return {
      labels: times.map((one) =>
        t('question.within_span', { span: span_text(one.until_ms, words.language) }),
      ),
      series: [{ name: t('question.count'), values: times.map((one) => one.count) }],
    };
  }, [answer.times, words.language, t]);
  return <BarChart {...drawn} label={t('question.chart.times')} height={200} labelled />;
}

function Series({ answer }: { answer: FunnelAnswer }) {
  const t = useT();
  const { words } = useTools();
  const drawn = useMemo(() => {
    const points = answer.series ?? [];
    const share = (steps: { count: number }[]) =>
      steps[0]?.count ? steps.at(-1)!.count / steps[0].count : null;
    return {
      labels: points.map((point) => day_and_month(point.at, words.language)),
      series: [
        {
          name: t('question.chart.funnel_series'),
          values: points.map((point) => share(point.steps)),
        },
      ],
    };
  }, [answer.series, words.language, t]);
  const units = useMemo(() => (answer.series ?? []).map((point) => point.at), [answer.series]);
  const { marks } = useNotes(units);
  return (
    <LineChart
      {...drawn}
      marks={marks}
      label={t('question.chart.funnel_series')}
      height={200}
      percent
    />
  );
}

function Groups({ draft, answer }: Props) {
  const { words, open_people } = useTools();
  const t = useT();
  const { by = [], steps } = draft.ask;
  const last = steps.length;
  return (
    <table className="data-table groups">
      <caption className="visually-hidden">{t('question.chart.groups')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('question.group')}</th>
          <th scope="col" className="end">
            {t('question.step', { step: 1 })}
          </th>
          <th scope="col" className="end">
            {t('question.step', { step: last })}
          </th>
          <th scope="col">{t('question.chart.funnel_series')}</th>
        </tr>
      </thead>
      <tbody>
        {answer.groups!.map((one, i) => {
          const name = group_text(one.group, by, words);
          const first = one.steps[0]?.count ?? 0;
          const done = one.steps.at(-1)?.count ?? 0;
          const open = (step: number) =>
            open_people(
              { step, outcome: 'reached', group: one.group },
              `${name} · ${t('question.step', { step })}`,
            );
          return (
            <tr key={i}>
              <th scope="row">{name}</th>
              <td className="end">
                <OpenNumber value={first} label={`${name}: ${first}`} open={() => open(1)} />
              </td>
              <td className="end">
                <OpenNumber value={done} label={`${name}: ${done}`} open={() => open(last)} />
              </td>
              <td>
                <span className="share-bar">
                  <i style={{ width: `${first ? (done / first) * 100 : 0}%` }} />
                  <Share part={done} of={first} />
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function StepTable({ draft, answer }: Props) {
  const t = useT();
  const { words, open_people } = useTools();
  const rows = funnel_rows(answer.steps).map((row, i) => {
    const step = i + 1;
    const name = event_name(draft.ask.steps[i]?.event ?? '', words);
    const reached = t('question.open_reached', { step, count: row.count });
    return {
      key: String(i),
      cells: [
        `${step}. ${name}`,
        <OpenNumber
          key="n"
          value={row.count}
          label={reached}
          open={() => open_people({ step, outcome: 'reached' }, name)}
        />,
        <Share key="b" share={row.of_before} />,
        <Share key="f" share={row.of_first} />,
        i < answer.steps.length - 1 ? <Num key="d" value={row.dropped} /> : '–',
        row.median_ms === null ? '–' : span_text(row.median_ms, words.language),
      ],
    };
  });
  const head = [
    t('question.step', { step: '' }).trim(),
    t('question.count'),
    t('question.from_before'),
    t('question.from_first'),
    t('question.dropped'),
    t('question.median'),
  ];
  return <FiguresTable label={t('question.chart.funnel')} head={head} rows={rows} />;
}
