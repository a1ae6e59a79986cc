// Campaigns beside each other: what each customer whom they won cost, and what came back. Counts of
// people open to them.

import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import type { CampaignReturn, PeopleSet, ReturnsAnswer, ReturnsQuestion } from '@/api/types';
import { useOwnText, useT } from '@/i18n';
import { BarChart } from '@/ui/chart';
import { Money } from '@/ui/money';
import { Num } from '@/ui/show';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import type { OpenedPeople } from '../people/kept';
import { OpenPeople, type Open } from '../people/open_people';
import { PeopleDrawer } from '../people/people_drawer';
import { compared, cost_of, count_of, won, type Won } from './figures';
import './returns.css';

type Props = {
  answer: ReturnsAnswer;
  question: ReturnsQuestion;
  about: string; // where the numbers stand
};

export function ReturnsView({ answer, question, about }: Props) {
  const t = useT();
  const [opened, set_opened] = useState<OpenedPeople | null>(null);
  if (answer.campaigns.length === 0)
    return <Empty title={t('returns.empty')} text={t('returns.empty_text')} />;
  return (
    <>
      <Costs rows={answer.campaigns} />
      <ReturnsTable rows={answer.campaigns} question={question} open={set_opened} />
      {answer.left_out > 0 && (
        <p className="soft small returns-note">
          {t('returns.left_out', { count: answer.left_out })}
        </p>
      )}
      {opened && <PeopleDrawer opened={opened} about={about} close={() => set_opened(null)} />}
    </>
  );
}

const bar_px = 66;

function Costs({ rows }: { rows: CampaignReturn[] }) {
  const t = useT();
  const own = useOwnText();
  const drawn = useMemo(() => {
    const shown = compared(rows);
    return {
      labels: shown.map((row) => own(row.name)),
      series: won
        .map((of) => ({
          name: t(`returns.per_${of}`),
          values: shown.map((row) => cost_of(row, of)),
        }))
        .filter((one) => one.values.some((value) => value !== null)),
    };
  }, [rows, own, t]);
  if (drawn.series.length === 0) return <p className="soft returns-note">{t('returns.none')}</p>;
  return (
    <div className="returns-costs">
      <BarChart
        {...drawn}
        lying
        labelled
        label={t('returns.costs')}
        height={48 + drawn.labels.length * bar_px}
      />
    </div>
  );
}

function ReturnsTable(props: { rows: CampaignReturn[]; question: ReturnsQuestion; open: Open }) {
  const t = useT();
  const own = useOwnText();
  const { rows, question, open } = props;
  const opened = (row: CampaignReturn, set: PeopleSet, what: string): OpenedPeople => ({
    of: { returns: question, ...(question.campaign ? {} : { campaign: row.campaign }), set },
    title: `${own(row.name)} · ${what}`,
  });
  const winning = (of: Won): Column<CampaignReturn> => ({
    key: of,
    title: t(`returns.${of}`),
    end: true,
    cell: (row) => {
      const count = count_of(row, of);
      return (
        <span className="step-count">
          {of === 'incremental' || count === null ? (
            <Num value={count} />
          ) : (
            <OpenPeople
              value={count}
              opened={opened(row, of, t(`returns.${of}`))}
              open={open}
            />
          )}
          <span className="soft small">
            <Money value={cost_of(row, of)} />
          </span>
        </span>
      );
    },
  });
  const money = (name: 'cost' | 'income' | 'gain'): Column<CampaignReturn> => ({
    key: name,
    title: t(`campaign.returns.${name}`),
    end: true,
    cell: (row) => <Money value={row.returns[name]} />,
  });
  const columns: Column<CampaignReturn>[] = [
    {
      key: 'campaign',
      title: t('nav.campaigns'),
      lead: true,
      cell: (row) => (
        <Link className="title-cell" to={`/campaigns/${row.campaign}`}>
          {own(row.name)}
        </Link>
      ),
    },
    money('cost'),
    {
      key: 'delivered',
      title: t('campaign.set.delivered'),
      end: true,
      cell: (row) => (
        <OpenPeople
          value={row.delivered}
          opened={opened(row, 'delivered', t('campaign.set.delivered'))}
          open={open}
        />
      ),
    },
    ...won.map(winning),
    money('income'),
    money('gain'),
  ];
  return (
    <DataTable
      columns={columns}
      rows={rows}
      label={t('returns.title')}
      row_key={(row) => row.campaign}
    />
  );
}
