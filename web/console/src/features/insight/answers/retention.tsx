// How many come back: the curve of all, and the triangle of the cohorts.

import { useMemo } from 'react';
import type { RetentionAnswer } from '@/api/question_types';
import { useT } from '@/i18n';
import { LineChart } from '@/ui/chart';
import { split_audiences, type DraftOf } from '../question/draft';
import { retention_curve } from '../question/figures';
import { group_text } from '../question/headline';
import { useTools } from './tools';
import { Triangle } from './triangle';

type Props = { draft: DraftOf<'retention'>; answer: RetentionAnswer };

const most_lines = 8;

export function RetentionAnswerView({ draft, answer }: Props) {
  const t = useT();
  const { small, open_people } = useTools();
  const drawn = useCurve({ draft, answer });
  const pick = (k: number) =>
    open_people({ period: k, outcome: 'returned' }, t(`question.kth.${draft.ask.unit}`, { k }));
  return (
    <div className="stack">
      <figure>
        {!small && <figcaption>{t('question.chart.curve')}</figcaption>}
        <LineChart
          {...drawn}
          label={t('question.chart.curve')}
          height={small ? '100%' : 240}
          percent
          on_pick={pick}
        />
        {!small && split_audiences(draft.ask.by) && (
          <p className="soft small">{t('question.in_several')}</p>
        )}
      </figure>
      {!small && (
        <figure>
          <figcaption>
            {t('question.chart.triangle')}
            <span className="soft small"> · {t('question.open_unit')}</span>
          </figcaption>
          <Triangle draft={draft} answer={answer} />
        </figure>
      )}
    </div>
  );
}

function useCurve({ draft, answer }: Props) {
  const t = useT();
  const { words } = useTools();
  const { ask } = draft;
  return useMemo(() => {
    const groups = (answer.groups ?? []).slice(0, most_lines).map((one) => ({
      name: group_text(one.group, ask.by ?? [], words),
      values: retention_curve(one),
    }));
    const all = { name: t('question.total_row'), values: retention_curve(answer.total) };
    return {
      labels: answer.total.returned.map((_, k) => t(`question.kth.${ask.unit}`, { k })),
      series: groups.length ? groups : [all],
    };
  }, [answer, ask, words, t]);
}
