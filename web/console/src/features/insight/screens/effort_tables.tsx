// How much work the interface makes: functions with their taps and their users, screens with their depth.

import type { EffortAnswer, EffortQuestion, FunctionEffort, ScreenDepth } from '@/api/types';
import { useLanguage, useOwnText, useT } from '@/i18n';
import { exact_number } from '@/ui/numbers';
import { Num, Pill, Share } from '@/ui/show';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { product_name } from '../league/measures';
import { spread_text } from './figures';
import { OpenPeople, type Open } from '../people/open_people';
import { Difference } from './points';
import './screens.css';

type Props = {
  answer: EffortAnswer | undefined;
  question: EffortQuestion;
  error: unknown;
  retry: () => void;
  open: Open;
};

export function FunctionTable(props: Props) {
  const t = useT();
  const { language } = useLanguage();
  const name = (row: FunctionEffort) => product_name(row.product, language);
  const columns: Column<FunctionEffort>[] = [
    {
      key: 'name',
      title: t('screen.function'),
      lead: true,
      cell: (row) => (
        <span className="row">
          <b>{name(row)}</b>
          {row.now.rare && <Pill tone="warn">{t('screen.rare')}</Pill>}
        </span>
      ),
    },
    {
      key: 'people',
      title: t('screen.users'),
      end: true,
      cell: (row) => (
        <OpenPeople
          value={row.now.people}
          open={props.open}
          opened={{ of: { effort: props.question, product: row.product.id }, title: name(row) }}
        />
      ),
    },
    {
      key: 'share',
      title: t('screen.of_active'),
      end: true,
      // Versions live for unlike times: the share of one is no measure for the other's.
      cell: (row) =>
        row.now.share === null ? (
          <span className="faint">–</span>
        ) : (
          <Share share={row.now.share} />
        ),
    },
    {
      key: 'taps',
      title: t('screen.taps'),
      end: true,
      cell: (row) => <Taps row={row} which="taps" />,
    },
    {
      key: 'own_taps',
      title: t('screen.own_taps'),
      end: true,
      cell: (row) => <Taps row={row} which="own_taps" />,
    },
    {
      key: 'count',
      title: t('screen.finished'),
      end: true,
      cell: (row) => <Num value={row.now.taps.count} />,
    },
  ];
  return (
    <DataTable
      columns={columns}
      rows={props.answer?.functions}
      error={props.error}
      retry={props.retry}
      label={t('screen.functions')}
      row_key={(row) => row.product.id}
      empty={<Empty title={t('product.empty')} text={t('product.empty_text')} />}
    />
  );
}

function Taps({ row, which }: { row: FunctionEffort; which: 'taps' | 'own_taps' }) {
  const t = useT();
  const { language } = useLanguage();
  const now = row.now[which];
  const text = spread_text(now);
  if (text === null) return <span className="faint">–</span>;
  return (
    <span
      className="nowrap num"
      title={t('screen.taps_of', { count: exact_number(now.count, language) })}
    >
      {text} {row.before && <Difference now={now.median} before={row.before[which].median} />}
    </span>
  );
}

export function DepthTable(props: Props & { deep_from: number }) {
  const t = useT();
  const own = useOwnText();
  const people = (row: ScreenDepth, what: 'met' | 'met_deep') => ({
    of: { effort: props.question, page: row.screen, what },
    title: own(row.screen),
  });
  const columns: Column<ScreenDepth>[] = [
    {
      key: 'screen',
      title: t('screen.one'),
      lead: true,
      cell: (row) => (
        <span className="row">
          <b>{own(row.screen)}</b>
          {row.now.deep && <Pill tone="warn">{t('screen.deep')}</Pill>}
        </span>
      ),
    },
    {
      key: 'visits',
      title: t('screen.visits'),
      end: true,
      cell: (row) => (
        <OpenPeople value={row.now.visits} open={props.open} opened={people(row, 'met')} />
      ),
    },
    {
      key: 'median',
      title: t('screen.before_it'),
      end: true,
      cell: (row) => (
        <span className="nowrap num">
          {row.now.median ?? '–'}{' '}
          {row.before && <Difference now={row.now.median} before={row.before.median} />}
        </span>
      ),
    },
    {
      key: 'deep',
      title: t('screen.deep_share', { depth: props.deep_from }),
      end: true,
      cell: (row) => (
        <span className="row end depth-cell">
          <OpenPeople
            value={row.now.deep_visits}
            open={props.open}
            opened={people(row, 'met_deep')}
          />
          <span className="soft">
            <Share part={row.now.deep_visits} of={row.now.visits} />
          </span>
        </span>
      ),
    },
  ];
  return (
    <DataTable
      columns={columns}
      rows={props.answer?.screens}
      error={props.error}
      retry={props.retry}
      label={t('screen.depths')}
      row_key={(row) => row.screen}
      empty={<Empty title={t('screen.empty')} text={t('screen.empty_period')} />}
    />
  );
}
