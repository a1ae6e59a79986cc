// The report: a funnel of people, why some got nothing, day by day, and the lift. Every number opens
// to the people behind it.

import { App, Drawer } from 'antd';
import { useState, type ReactNode } from 'react';
import { download } from '@/api/client';
import type { Campaign, CampaignReport, PeopleSet } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { useMay } from '@/session/session';
import { Act } from '@/ui/act';
import { TimeChart } from '@/ui/chart';
import { MemberTable } from '@/ui/member_table';
import { Panel } from '@/ui/page';
import { Bars, Num, Share } from '@/ui/show';
import { Empty, Loaded, useProblemText } from '@/ui/states';
import { useCampaignPeople, type PeopleOf } from '../api/people';
import { useCampaignReport } from '../api/report';
import { LiftView } from './lift';
import { ReturnsView } from './returns';
import './engage.css';

type Props = {
  campaign: Campaign;
  tag_label: (name: string) => string;
  on_board: ReactNode; // beside the returns
};

export function Report({ campaign, tag_label, on_board }: Props) {
  const t = useT();
  const report = useCampaignReport(campaign.id, campaign.state === 'running');
  const [opened, set_opened] = useState<PeopleOf | null>(null);
  return (
    <Loaded of={report} rows={8}>
      {(data) => (
        <div className="stack">
          <Panel title={t('campaign.effect')} extra={<SaveCsv campaign={campaign} />}>
            <LiftView lift={data.lift} />
            {data.holdout && data.holdout.people > 0 && (
              <p className="soft small">
                {t('campaign.institution_holdout', {
                  people: data.holdout.people,
                  rate: `${(data.holdout.rate * 100).toFixed(1)}%`,
                })}
              </p>
            )}
          </Panel>
          <Panel title={t('campaign.returns')} extra={on_board}>
            <ReturnsView returns={data.returns} goal={campaign.goal} />
          </Panel>
          <div className="columns half">
            <Panel title={t('campaign.funnel')}>
              <Funnel report={data} open={set_opened} />
            </Panel>
            <Panel title={t('campaign.suppressed_why')}>
              <Suppressed report={data} open={set_opened} />
            </Panel>
          </div>
          <Panel title={t('campaign.by_day')}>
            <ByDay report={data} />
          </Panel>
          {opened && (
            <People
              campaign={campaign.id}
              of={opened}
              tag_label={tag_label}
              close={() => set_opened(null)}
            />
          )}
        </div>
      )}
    </Loaded>
  );
}

const funnel_sets: PeopleSet[] = [
  'eligible',
  'sent',
  'delivered',
  'opened',
  'clicked',
  'converted',
];
// What each share is of: opening and converting are counted against those who got the message.
const base_of: Partial<Record<PeopleSet, PeopleSet>> = {
  delivered: 'sent',
  opened: 'delivered',
  clicked: 'opened',
  converted: 'delivered',
};
const side_sets: PeopleSet[] = [
  'held_out',
  'failed',
  'unknown',
  'complained',
  'acquired',
  'activated',
];

type Open = (of: PeopleOf) => void;

function count_of(report: CampaignReport, set: PeopleSet): number {
  if (set === 'suppressed') return report.suppressed.reduce((sum, one) => sum + one.count, 0);
  return report[set] ?? 0;
}

function Funnel({ report, open }: { report: CampaignReport; open: Open }) {
  const t = useT();
  const top = Math.max(report.eligible, 1);
  // Whom a campaign won is not known of every campaign.
  const told = side_sets.filter((set) => report[set] !== null);
  return (
    <>
      <ol className="funnel">
        {funnel_sets.map((set) => {
          const count = count_of(report, set);
          const before = base_of[set] ? count_of(report, base_of[set]) : undefined;
          return (
            <li key={set}>
              <span>{t(`campaign.set.${set}`)}</span>
              <span className="track">
                <span className="fill" style={{ width: `${(count / top) * 100}%` }} />
              </span>
              <PeopleButton set={set} count={count} open={open} />
              <span className="soft small num">
                {before !== undefined && before > 0 && (
                  <Share part={count} of={before} digits={0} />
                )}
              </span>
            </li>
          );
        })}
      </ol>
      <p className="soft small row wrap" style={{ marginTop: 12 }}>
        {told.map((set) => (
          <span key={set} title={set === 'unknown' ? t('campaign.unknown_hint') : undefined}>
            {t(`campaign.set.${set}`)}{' '}
            <PeopleButton set={set} count={count_of(report, set)} open={open} />
          </span>
        ))}
      </p>
    </>
  );
}

function PeopleButton(props: { set: PeopleSet; count: number; reason?: string; open: Open }) {
  const may = useMay()('view_customers');
  if (!may || props.count === 0) return <Num value={props.count} />;
  return (
    <button
      type="button"
      className="link-button num"
      onClick={() => props.open({ set: props.set, reason: props.reason })}
    >
      <Num value={props.count} />
    </button>
  );
}

function Suppressed({ report, open }: { report: CampaignReport; open: Open }) {
  const t = useT();
  const label = useLabel();
  if (report.suppressed.length === 0)
    return <p className="soft">{t('campaign.none_suppressed')}</p>;
  return (
    <Bars
      rows={report.suppressed.map((one) => ({
        key: one.reason,
        label: label('suppression', one.reason),
        value: one.count,
        color: 'var(--c2)',
        tail: <PeopleButton set="suppressed" reason={one.reason} count={one.count} open={open} />,
      }))}
    />
  );
}

function ByDay({ report }: { report: CampaignReport }) {
  const t = useT();
  if (report.by_day.length < 2)
    return <p className="soft">{t('campaign.from_second_day')}</p>;
  const lines = ['sent', 'delivered', 'opened', 'converted'] as const;
  return (
    <TimeChart
      label={t('campaign.by_day')}
      series={lines.map((set) => ({
        name: t(`campaign.set.${set}`),
        points: report.by_day.map((day) => ({ at: day.at, value: day[set] })),
      }))}
    />
  );
}

function SaveCsv({ campaign }: { campaign: Campaign }) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const save = () => {
    download(`/campaigns/${campaign.id}/report.csv`, `${campaign.name}.csv`).catch(
      (error) => void message.error(problem_text(error)),
    );
  };
  return (
    <Act size="small" onClick={save}>
      {t('ui.export_csv')}
    </Act>
  );
}

function People(props: {
  campaign: string;
  of: PeopleOf;
  tag_label: (name: string) => string;
  close: () => void;
}) {
  const t = useT();
  const label = useLabel();
  const people = useCampaignPeople(props.campaign, props.of);
  const reason = props.of.reason ? ` · ${label('suppression', props.of.reason)}` : '';
  return (
    <Drawer
      open
      onClose={props.close}
      title={`${t(`campaign.set.${props.of.set}`)}${reason}`}
      size={720}
    >
      <MemberTable
        rows={people.data?.pages.flatMap((page) => page.items)}
        error={people.error}
        retry={() => void people.refetch()}
        tag_label={props.tag_label}
        empty={<Empty title={t('customer.none')} />}
        more={people.hasNextPage ? () => void people.fetchNextPage() : null}
        loading_more={people.isFetchingNextPage}
      />
    </Drawer>
  );
}
