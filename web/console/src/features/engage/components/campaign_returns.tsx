// What the campaigns cost and brought in whose goal is one of these events: the latest first, each
// as its own report tells it.

import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Campaign, Returns } from '@/api/types';
import { useOwnText, useT } from '@/i18n';
import { Money } from '@/ui/money';
import { Failure, Loading } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { useCampaigns } from '../api/list';
import { report_of } from '../api/report';
import { sum_of } from './returns_sum';

const most_shown = 10;
const has_run = ['running', 'paused', 'completed', 'stopped'];

type Row = { campaign: Campaign | null; returns: Returns };

export function CampaignReturns({ events }: { events: string[] }) {
  const t = useT();
  const campaigns = useCampaigns();
  const aiming = (campaigns.data?.items ?? [])
    .filter((one) => has_run.includes(one.state) && one.goal && events.includes(one.goal.event))
    .slice(0, most_shown);
  const reports = useQueries({ queries: aiming.map((one) => report_of(one.id)) });
  const failed = campaigns.error ?? reports.find((one) => one.error)?.error;
  if (failed) return <Failure error={failed} />;
  if (!campaigns.data || reports.some((one) => !one.data)) return <Loading rows={3} />;
  if (aiming.length === 0) return <p className="soft">{t('campaign.none_aims')}</p>;
  const rows: Row[] = aiming.map((campaign, i) => ({
    campaign,
    returns: reports[i]!.data!.returns,
  }));
  if (rows.length > 1) rows.push({ campaign: null, returns: sum_of(rows.map((one) => one.returns)) });
  return <Table rows={rows} />;
}

function Table({ rows }: { rows: Row[] }) {
  const t = useT();
  const own = useOwnText();
  const figure = (name: 'cost' | 'income' | 'incremental_income' | 'gain'): Column<Row> => ({
    key: name,
    title: t(`campaign.returns.${name}`),
    end: true,
    cell: (row) => <Money value={row.returns[name]} />,
  });
  const columns: Column<Row>[] = [
    {
      key: 'campaign',
      title: t('nav.campaigns'),
      lead: true,
      cell: ({ campaign }) =>
        campaign ? (
          <Link to={`/campaigns/${campaign.id}`}>{own(campaign.name)}</Link>
        ) : (
          <b>{t('campaign.all_of_these')}</b>
        ),
    },
    figure('cost'),
    figure('income'),
    figure('incremental_income'),
    figure('gain'),
  ];
  return (
    <>
      <DataTable
        columns={columns}
        rows={rows}
        label={t('campaign.by_product')}
        row_key={(row) => row.campaign?.id ?? 'all'}
      />
      <p className="soft small">{t('campaign.by_product_text')}</p>
    </>
  );
}
