import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Campaign } from '@/api/types';
import { useLabel, useLanguage, useT } from '@/i18n';
import { Num, When } from '@/ui/show';
import { DataTable, type Column } from '@/ui/table';
import { date_time } from '@/ui/times';
import { CampaignPill } from './state_pill';

type Props = {
  rows: Campaign[] | undefined;
  error: unknown;
  retry: () => void;
  empty: ReactNode;
  audience_name: (id: string) => string;
};

export function useScheduleText(): (campaign: Pick<Campaign, 'schedule'>) => string {
  const t = useT();
  const { language } = useLanguage();
  return ({ schedule }) => {
    if (schedule.kind === 'at') return date_time(schedule.at ?? '', language);
    if (schedule.kind === 'daily') return t('campaign.daily_at', { time: schedule.time ?? '' });
    return t('campaign.schedule.now');
  };
}

export function ProgressBar({ progress }: Pick<Campaign, 'progress'>) {
  const done = progress.sent + progress.suppressed + progress.failed;
  const share = progress.planned > 0 ? Math.min(done / progress.planned, 1) : 0;
  return (
    <div
      className="progress"
      role="progressbar"
      aria-valuenow={Math.round(share * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-label="%"
    >
      <i style={{ width: `${share * 100}%` }} />
    </div>
  );
}

export function CampaignTable(props: Props) {
  const t = useT();
  const label = useLabel();
  const schedule_text = useScheduleText();
  const columns: Column<Campaign>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      lead: true,
      cell: (row) => (
        <>
          <Link className="title-cell" to={`/campaigns/${row.id}`}>
            {row.name}
          </Link>
          <div className="soft small">
            {'id' in row.audience ? props.audience_name(row.audience.id) : t('campaign.own_rule')}
          </div>
        </>
      ),
    },
    { key: 'state', title: t('ui.status'), cell: (row) => <CampaignPill state={row.state} /> },
    { key: 'channel', title: t('campaign.channel'), cell: (row) => label('channel', row.channel) },
    {
      key: 'schedule',
      title: t('campaign.schedule'),
      cell: (row) => <span className="num">{schedule_text(row)}</span>,
    },
    {
      key: 'progress',
      title: t('campaign.progress'),
      width: 150,
      cell: (row) =>
        row.progress.planned > 0 ? (
          <ProgressBar progress={row.progress} />
        ) : (
          <span className="faint">–</span>
        ),
    },
    {
      key: 'sent',
      title: t('campaign.sent'),
      end: true,
      cell: (row) => <Num value={row.progress.planned > 0 ? row.progress.sent : null} />,
    },
    {
      key: 'updated',
      title: t('ui.updated'),
      end: true,
      cell: (row) => <When at={row.updated_at} />,
    },
  ];
  return (
    <DataTable
      {...props}
      columns={columns}
      label={t('campaign.title')}
      row_key={(row) => row.id}
      to={(row) => `/campaigns/${row.id}`}
    />
  );
}
