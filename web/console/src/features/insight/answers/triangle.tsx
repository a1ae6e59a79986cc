// Each cohort a row, each unit after its start a cell: the darker, the more came back. Units that are
// not over yet are hatched. A cell opens its people.

import type { Cohort, RetentionAnswer } from '@/api/question_types';
import { useT } from '@/i18n';
import { exact_number, percent } from '@/ui/numbers';
import { Num } from '@/ui/show';
import { date_only, day_and_month } from '@/ui/times';
import type { DraftOf } from '../question/draft';
import { cohort_share, is_unfinished, retention_curve } from '../question/figures';
import { useTools } from './tools';

type Props = { draft: DraftOf<'retention'>; answer: RetentionAnswer };

const most_rows = 60;

export function Triangle({ draft, answer }: Props) {
  const t = useT();
  const { words } = useTools();
  const { unit } = draft.ask;
  const columns = answer.total.returned.map((_, k) => k);
  const curve = retention_curve(answer.total);
  const cohorts = answer.cohorts.filter((one) => one.size > 0).slice(-most_rows);
  return (
    <div className="scroll-x" tabIndex={0} role="group" aria-label={t('question.chart.triangle')}>
      <table className="triangle">
        <caption className="visually-hidden">{t('question.chart.triangle')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('question.cohort')}</th>
            <th scope="col" className="end">
              {t('question.size')}
            </th>
            {columns.map((k) => (
              <th key={k} scope="col">
                {t(`question.kth.${unit}`, { k })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr className="total">
            <th scope="row">{t('question.total_row')}</th>
            <td className="end">
              <Num value={answer.total.size} />
            </td>
            {curve.map((share, k) => (
              <td key={k} className="cell">
                {share === null ? '' : percent(share, words.language, 0)}
              </td>
            ))}
          </tr>
          {cohorts.map((one) => (
            <Row key={one.start} cohort={one} unit={unit} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

// A year only where it is not the present one.
const this_year = new Date().getFullYear().toString();

function Row({ cohort, unit }: { cohort: Cohort; unit: 'day' | 'week' | 'month' }) {
  const t = useT();
  const { words, open_people } = useTools();
  const { language } = words;
  const start = cohort.start.startsWith(this_year)
    ? day_and_month(cohort.start, language)
    : date_only(cohort.start, language);
  const size = exact_number(cohort.size, language);
  const cell = (count: number, k: number) => {
    const share = cohort_share(cohort, k) ?? 0;
    const open = is_unfinished(cohort, k);
    if (open && count === 0 && k > (cohort.incomplete_from ?? 0)) return <td key={k} />;
    const shown = percent(share, language, share < 0.095 && share > 0 ? 1 : 0);
    const says = t('question.cell', {
      start,
      size,
      unit: t(`question.unit.${unit}`),
      k,
      count: exact_number(count, language),
      share: percent(share, language),
    });
    const label = open ? says + t('question.cell_open') : says;
    return (
      <td
        key={k}
        className={`cell ${open ? 'open' : ''}`}
        style={{ '--heat': share } as React.CSSProperties}
      >
        <button
          type="button"
          title={label}
          aria-label={label}
          onClick={() => open_people({ at: cohort.start, period: k, outcome: 'returned' }, says)}
        >
          {shown}
        </button>
      </td>
    );
  };
  return (
    <tr>
      <th scope="row">{start}</th>
      <td className="end">
        <Num value={cohort.size} />
      </td>
      {cohort.returned.map(cell)}
    </tr>
  );
}
