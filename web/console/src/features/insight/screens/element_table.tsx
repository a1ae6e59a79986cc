// The elements of a screen, the most clicked first; beside the version before where there is one.

import type { ClickedElement, ScreenAnswer, ScreenQuestion } from '@/api/types';
import { useOwnText, useT } from '@/i18n';
import { Num, Share } from '@/ui/show';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { OpenPeople, type Open } from '../people/open_people';
import { Points } from './points';

type Props = {
  answer: ScreenAnswer | undefined;
  question: ScreenQuestion;
  error: unknown;
  retry: () => void;
  open: Open;
};

export function ElementTable(props: Props) {
  const t = useT();
  const own = useOwnText();
  const { question, answer } = props;
  const is_compared = Boolean(answer?.before);
  const columns: Column<ClickedElement>[] = [
    {
      key: 'element',
      title: t('screen.element'),
      lead: true,
      cell: (row) => (
        <span className="stack tight">
          <b>{own(row.label ?? row.element)}</b>
          {row.label && <code className="soft small">{row.element}</code>}
        </span>
      ),
    },
    {
      key: 'clicks',
      title: t('screen.clicks'),
      end: true,
      cell: (row) => <Num value={row.now.clicks} />,
    },
    {
      key: 'people',
      title: t('screen.people'),
      end: true,
      cell: (row) => (
        <OpenPeople
          value={row.now.people}
          open={props.open}
          opened={{
            of: { screen: question, element: row.element },
            title: own(row.label ?? row.element),
          }}
        />
      ),
    },
    {
      key: 'share',
      title: t('screen.share'),
      end: true,
      cell: (row) => <Share share={row.now.share ?? 0} />,
    },
    ...(is_compared
      ? [
          {
            key: 'before',
            title: t('screen.share_before', { version: question.than ?? '' }),
            end: true,
            cell: (row: ClickedElement) => <Before row={row} />,
          },
        ]
      : []),
  ];
  return (
    <DataTable
      columns={columns}
      rows={answer?.elements}
      error={props.error}
      retry={props.retry}
      label={t('screen.elements')}
      row_key={(row) => row.element}
      empty={<Empty title={t('screen.empty')} text={t('screen.empty_period')} />}
    />
  );
}

function Before({ row }: { row: ClickedElement }) {
  const before = row.before?.share ?? 0;
  return (
    <span className="nowrap">
      <Share share={before} /> <Points value={(row.now.share ?? 0) - before} />
    </span>
  );
}
