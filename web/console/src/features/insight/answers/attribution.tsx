// Which touches earned the goal, by one model or by two side by side.

import { useMemo } from 'react';
import type { AttributionAnswer } from '@/api/question_types';
import { useT } from '@/i18n';
import { BarChart } from '@/ui/chart';
import { exact_number, short_number } from '@/ui/numbers';
import { Num } from '@/ui/show';
import { AnswerUnderWay } from '@/ui/under_way';
import { useAnswer } from '../api/ask';
import type { DraftOf } from '../question/draft';
import { model_rows } from '../question/figures';
import { group_text } from '../question/headline';
import { FiguresTable, OpenNumber } from './figures_table';
import { useTools } from './tools';

type Props = { draft: DraftOf<'attribution'>; answer: AttributionAnswer };

const most_bars = 16;

export function AttributionAnswerView({ draft, answer }: Props) {
  const t = useT();
  const { words, small, open_people } = useTools();
  const { ask, second } = draft;
  const compared = useAnswer(
    'attribution',
    { ...ask, model: second ?? ask.model },
    Boolean(second),
  );
  const other = second ? compared.data : undefined;
  const rows = useMemo(() => model_rows(answer, other).slice(0, most_bars), [answer, other]);
  const drawn = useMemo(() => {
    const first = { name: t(`question.model.${ask.model}`), values: rows.map((row) => row.first) };
    return {
      labels: rows.map((row) => group_text(row.group, [ask.by], words)),
      series:
        second && other
          ? [first, { name: t(`question.model.${second}`), values: rows.map((row) => row.second) }]
          : [first],
    };
  }, [rows, ask, second, other, words, t]);
  const open = (at: number) => open_people({ group: rows[at]!.group }, drawn.labels[at]!);
  return (
    <div className="stack">
      {!small && <Unattributed answer={answer} />}
      {second && <AnswerUnderWay kind="attribution" question={{ ...ask, model: second }} />}
      <BarChart
        {...drawn}
        lying
        labelled
        on_pick={open}
        label={t('question.kind.attribution')}
        height={
          small ? '100%' : Math.max(180, rows.length * (drawn.series.length > 1 ? 52 : 34) + 60)
        }
      />
      {!small && (
        <FiguresTable
          label={t('question.kind.attribution')}
          head={[
            t('question.group'),
            ...drawn.series.map((one) => one.name),
            ...(ask.goal.value ? [t('question.value')] : []),
            t('question.touches'),
            t('question.count'),
          ]}
          rows={rows.map((row, i) => ({
            key: String(i),
            cells: [
              drawn.labels[i]!,
              short_number(row.first, words.language),
              ...(drawn.series.length > 1 ? [short_number(row.second ?? 0, words.language)] : []),
              ...(ask.goal.value ? [<Num key="v" value={row.value} />] : []),
              <Num key="t" value={row.touches} />,
              <OpenNumber
                key="p"
                value={row.people}
                label={`${drawn.labels[i]}: ${row.people}`}
                open={() => open(i)}
              />,
            ],
          }))}
        />
      )}
    </div>
  );
}

function Unattributed({ answer }: { answer: AttributionAnswer }) {
  const t = useT();
  const { words, open_people } = useTools();
  return (
    <p className="soft">
      {t('question.unattributed_text', {
        total: exact_number(answer.conversions, words.language),
        count: exact_number(answer.unattributed, words.language),
      })}{' '}
      {answer.unattributed > 0 && (
        <button
          type="button"
          className="link-button"
          data-unattributed
          onClick={() => open_people({ outcome: 'unattributed' }, t('question.unattributed'))}
        >
          {t('question.see_people')}
        </button>
      )}
    </p>
  );
}
