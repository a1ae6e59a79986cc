// The bars of a funnel: solid for those who reached the step, hatched for those who left before it.
// Side by side at a desk, below each other where there is little room.

import { Tooltip } from 'antd';
import { useT } from '@/i18n';
import type { FunnelAnswer } from '@/api/question_types';
import { Act } from '@/ui/act';
import { exact_number, percent } from '@/ui/numbers';
import { Num } from '@/ui/show';
import type { DraftOf } from '../question/draft';
import type { FunnelRow } from '../question/figures';
import { event_name } from '../question/sentence';
import { span_text } from '../question/share_words';
import { useTools } from './tools';

type Props = { draft: DraftOf<'funnel'>; answer: FunnelAnswer; rows: FunnelRow[] };
type StepProps = Props & { at: number };

function useStep({ draft, answer, rows, at }: StepProps) {
  const t = useT();
  const tools = useTools();
  const { words, open_people } = tools;
  const row = rows[at]!;
  const step = at + 1;
  const name = event_name(draft.ask.steps[at]?.event ?? '', words);
  const rule = answer.rules?.[at] ?? null;
  const title = `${t('question.dropped')} · ${t('question.step', { step })} ${name}`;
  const dropped = { step, outcome: 'dropped' } as const;
  const { save_audience, keep_people } = tools;
  return {
    ...tools,
    row,
    step,
    name,
    is_last: at === rows.length - 1,
    title,
    exact: exact_number(row.count, words.language),
    reached: () => open_people({ step, outcome: 'reached' }, `${t('question.reached')} · ${name}`),
    left: () => open_people(dropped, title, rule),
    // Who left becomes an audience in one click: by the rule where one says who they are.
    keep:
      save_audience && keep_people
        ? () => (rule ? save_audience(rule, title) : keep_people(dropped, title))
        : null,
  };
}

function Dropped(props: StepProps) {
  const t = useT();
  const { row, step, left, keep, title, saving, words, small } = useStep(props);
  if (row.dropped === 0) return null;
  const count = exact_number(row.dropped, words.language);
  return (
    <span className="dropped">
      <button
        type="button"
        className="link-button bad"
        aria-label={t('question.open_dropped', { step, count })}
        data-dropped={step}
        onClick={left}
      >
        −<Num value={row.dropped} /> · {percent(row.dropped_share, words.language)}
      </button>
      {!small && keep && (
        <Act
          may="edit_audiences"
          size="small"
          loading={saving}
          aria-label={`${t('question.save_audience')}: ${title}`}
          data-audience={step}
          onClick={keep}
        >
          {t('question.save_audience')}
        </Act>
      )}
    </span>
  );
}

export function FunnelColumns(props: Props) {
  return (
    <ol className="funnel-columns">
      {props.rows.map((_, at) => (
        <Column key={at} {...props} at={at} />
      ))}
    </ol>
  );
}

function Column(props: StepProps) {
  const t = useT();
  const { row, step, name, reached, exact, is_last, words } = useStep(props);
  const next = props.rows[props.at + 1];
  const here = row.of_first * 100;
  const there = (next?.of_first ?? 0) * 100;
  return (
    <li>
      <div className="step-head">
        <span className="step-number">{step}</span>
        <span className="clip" title={name}>
          {name}
        </span>
      </div>
      <div className="step-count">
        <b>
          <Num value={row.count} />
        </b>
        <span className="soft small">
          {percent(row.of_first, words.language)}
          {row.median_ms !== null && props.at > 0 && (
            <> · {t('question.median_short', { span: span_text(row.median_ms, words.language) })}</>
          )}
        </span>
      </div>
      <div className="plot">
        <Tooltip title={`${exact} · ${percent(row.of_first, words.language)}`}>
          <button
            type="button"
            className="step-bar"
            aria-label={t('question.open_reached', { step, count: exact })}
            data-reached={step}
            onClick={reached}
          >
            <i className="gone" style={{ height: `${100 - here}%` }} />
            <i className="stay" style={{ height: `${here}%` }} />
          </button>
        </Tooltip>
        {!is_last && (
          <span
            className="ribbon"
            aria-hidden
            style={{
              clipPath: `polygon(0 ${100 - here}%, 100% ${100 - there}%, 100% 100%, 0 100%)`,
            }}
          />
        )}
      </div>
      <div className="step-foot">{!is_last && <Dropped {...props} />}</div>
    </li>
  );
}

export function FunnelLines(props: Props) {
  return (
    <ol className="funnel-lines">
      {props.rows.map((_, at) => (
        <Line key={at} {...props} at={at} />
      ))}
    </ol>
  );
}

function Line(props: StepProps) {
  const t = useT();
  const { row, step, name, reached, exact, is_last, words, small } = useStep(props);
  return (
    <li>
      <div className="row between">
        <span className="clip" title={name}>
          <span className="step-number">{step}</span> {name}
        </span>
        <span className="nowrap">
          {small && !is_last && <Dropped {...props} />}
          <b>
            <Num value={row.count} />
          </b>{' '}
          <span className="soft small">{percent(row.of_first, words.language)}</span>
        </span>
      </div>
      <button
        type="button"
        className="step-bar"
        aria-label={t('question.open_reached', { step, count: exact })}
        data-reached={step}
        onClick={reached}
      >
        <i className="stay" style={{ width: `${row.of_first * 100}%` }} />
      </button>
      {!small && !is_last && <Dropped {...props} />}
    </li>
  );
}
