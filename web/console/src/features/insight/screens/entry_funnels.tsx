// The picture of entries: a small funnel for each, beside each other, the most efficient first. Each is
// drawn against those who saw that entry; every step opens to its people.

import type { EntriesAnswer, EntriesQuestion, EntryRow } from '@/api/types';
import { useT } from '@/i18n';
import { Pill, Share } from '@/ui/show';
import { OpenPeople, type Open } from '../people/open_people';
import { useEntryName } from './entry_name';
import { by_efficiency, rates_of } from './figures';
import './screens.css';

const steps = ['exposure', 'click', 'start', 'done'] as const;
const most_funnels = 12;

type Props = { answer: EntriesAnswer; question: EntriesQuestion; open: Open };

export function EntryFunnels({ answer, question, open }: Props) {
  const t = useT();
  const called = useEntryName(question);
  const total: EntryRow = { entry: null, name: null, steps: answer.total, least: false };
  const shown = by_efficiency(answer.rows.filter((row) => (row.steps[0] ?? 0) > 0));
  if (shown.length === 0) return null;
  return (
    <ul className="entry-funnels" aria-label={t('entry.funnels')}>
      <Funnel row={total} title={t('entry.total')} {...{ question, open }} is_total />
      {shown.slice(0, most_funnels).map((row) => (
        <Funnel
          key={JSON.stringify(row.entry)}
          row={row}
          title={called(row)}
          {...{ question, open }}
        />
      ))}
    </ul>
  );
}

type FunnelProps = {
  row: EntryRow;
  title: string;
  question: EntriesQuestion;
  open: Open;
  is_total?: boolean;
};

function Funnel(props: FunnelProps) {
  const t = useT();
  const { row, title } = props;
  return (
    <li className={props.is_total ? 'entry-funnel total' : 'entry-funnel'}>
      <h3>
        <span className="clip">{title}</span>
        {row.least && <Pill tone="bad">{t('entry.least')}</Pill>}
        <b>
          <Share share={rates_of(row.steps).whole ?? Number.NaN} digits={2} />
        </b>
      </h3>
      <ol>
        {steps.map((step, i) => (
          <Step key={step} step={step} at={i} {...props} />
        ))}
      </ol>
    </li>
  );
}

function Step(props: FunnelProps & { step: (typeof steps)[number]; at: number }) {
  const t = useT();
  const { row, title, question, step, at, is_total } = props;
  const count = row.steps[at] ?? 0;
  const base = Math.max(row.steps[0] ?? 0, 1);
  const of_before = rates_of(row.steps).of_before[at] ?? Number.NaN;
  return (
    <li>
      <span className="soft small">{t(`entry.${step}`)}</span>
      <span className="track" aria-hidden>
        {count > 0 && <span className="fill" style={{ width: `${(count / base) * 100}%` }} />}
      </span>
      <OpenPeople
        value={count}
        opened={{
          of: { entries: question, step: at + 1, ...(is_total ? {} : { entry: row.entry }) },
          title: `${title} · ${t(`entry.${step}`)}`,
        }}
        open={props.open}
      />
      <span className="soft small num">{at > 0 && <Share share={of_before} digits={0} />}</span>
    </li>
  );
}
