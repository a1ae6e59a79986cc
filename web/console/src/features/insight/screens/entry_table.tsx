// Entries beside each other: exposure, click, start, done, and the rates between them.

import { as_problem } from '@/api/problem';
import type { EntriesAnswer, EntriesQuestion, EntryRow } from '@/api/types';
import { useT } from '@/i18n';
import { Pill, Share } from '@/ui/show';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { useEntryName } from './entry_name';
import { rates_of } from './figures';
import { OpenPeople, type Open } from '../people/open_people';
import './screens.css';

type Row = { key: string; name: string; row: EntryRow; is_total: boolean };
type Props = {
  answer: EntriesAnswer | undefined;
  question: EntriesQuestion;
  error: unknown;
  retry: () => void;
  open: Open;
};
const steps = ['exposure', 'click', 'start', 'done'] as const;

export function EntryTable(props: Props) {
  const t = useT();
  const called = useEntryName(props.question);
  const { answer, question } = props;
  const rows: Row[] | undefined = answer && [
    ...answer.rows.map((row) => ({
      ...{ key: JSON.stringify(row.entry), name: called(row), row },
      is_total: false,
    })),
    ...(answer.rows.length
      ? [
          {
            ...{ key: 'total', name: t('entry.total'), is_total: true },
            row: { entry: null, name: null, steps: answer.total, least: false },
          },
        ]
      : []),
  ];
  const people = (row: Row, step: number) => ({
    of: {
      ...{ entries: question, step },
      ...(row.is_total ? {} : { entry: row.row.entry }),
    },
    title: `${row.name} · ${t(`entry.${steps[step - 1]!}`)}`,
  });
  const columns: Column<Row>[] = [
    {
      key: 'entry',
      title: t('entry.one'),
      lead: true,
      cell: ({ name, row, is_total }) => (
        <span className="row wrap entry-name">
          <b className={is_total ? 'soft' : ''}>{name}</b>
          {row.least && <Pill tone="bad">{t('entry.least')}</Pill>}
        </span>
      ),
    },
    ...steps.map((step, i) => ({
      key: step,
      title: t(`entry.${step}`),
      end: true,
      cell: (one: Row) => (
        <span className="entry-step">
          <OpenPeople
            value={one.row.steps[i] ?? 0}
            opened={people(one, i + 1)}
            open={props.open}
          />
          {i > 0 && (
            <span className="soft small">
              <Share share={rates_of(one.row.steps).of_before[i] ?? Number.NaN} />
            </span>
          )}
        </span>
      ),
    })),
    {
      key: 'whole',
      title: t('entry.whole'),
      end: true,
      cell: ({ row }) => (
        <b>
          <Share share={rates_of(row.steps).whole ?? Number.NaN} digits={2} />
        </b>
      ),
    },
  ];
  if (props.error && as_problem(props.error).code === 'rule.unknown')
    return <Empty title={t('entry.unrecorded')} text={t('entry.unrecorded_text')} />;
  return (
    <DataTable
      columns={columns}
      rows={rows}
      error={props.error}
      retry={props.retry}
      label={t('entry.title')}
      row_key={(row) => row.key}
      empty={<Empty title={t('entry.empty')} text={t('entry.empty_text')} />}
    />
  );
}
