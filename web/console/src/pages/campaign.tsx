import { App } from 'antd';
import { Link, useNavigate, useParams } from 'react-router';
import type { Campaign } from '@/api/types';
import { useAudience } from '@/features/audience/api/get';
import { useActOnCampaign, useRemoveCampaign } from '@/features/engage/api/act';
import { useCampaign } from '@/features/engage/api/get';
import { useCampaignLint } from '@/features/engage/api/lint';
import { ProgressBar, useScheduleText } from '@/features/engage/components/campaign_table';
import { heading_of, Previews } from '@/features/engage/components/editor_aside';
import { NextStep } from '@/features/engage/components/next_step';
import { Report } from '@/features/engage/components/report';
import { CampaignPill } from '@/features/engage/components/state_pill';
import { PutOnBoard } from '@/features/insight/ask/put_on_board';
import { useLabel, useLanguage, useT } from '@/i18n';
import { sentence_of } from '@/rule/sentence';
import { useNames } from '@/rule/vocabulary';
import { MoreMenu } from '@/ui/more_menu';
import { Facts, Page, Panel } from '@/ui/page';
import { Num, Share } from '@/ui/show';
import { Loaded, useProblemText } from '@/ui/states';

const begun = ['running', 'paused', 'completed', 'stopped'];

export default function CampaignPage() {
  const { id = '' } = useParams();
  const campaign = useCampaign(id);
  return <Loaded of={campaign}>{(one) => <Shown campaign={one} />}</Loaded>;
}

function Shown({ campaign }: { campaign: Campaign }) {
  const t = useT();
  const names = useNames();
  const audience_id = 'id' in campaign.audience ? campaign.audience.id : undefined;
  const audience = useAudience(audience_id);
  return (
    <Page
      title={campaign.name}
      crumb={<Link to="/campaigns">{t('campaign.title')}</Link>}
      state={<CampaignPill state={campaign.state} />}
      lead={campaign.description}
      actions={<MoreOfCampaign campaign={campaign} />}
    >
      <div className="columns two act-first">
        <div className="stack">
          {begun.includes(campaign.state) ? (
            <Report
              campaign={campaign}
              tag_label={names.tag}
              on_board={
                <PutOnBoard
                  page={{ kind: 'returns', ask: { campaign: campaign.id } }}
                  title={`${campaign.name} · ${t('campaign.returns')}`}
                />
              }
            />
          ) : (
            <MessagePanel campaign={campaign} />
          )}
        </div>
        <div className="stack">
          <NextStep campaign={campaign} audience_count={audience.data?.count ?? null} />
          {campaign.progress.planned > 0 && <ProgressPanel campaign={campaign} />}
          <Details campaign={campaign} audience={audience.data} />
        </div>
      </div>
    </Page>
  );
}

function ProgressPanel({ campaign }: { campaign: Campaign }) {
  const t = useT();
  const { progress } = campaign;
  return (
    <Panel title={t('campaign.progress')}>
      <div className="stack tight">
        <ProgressBar progress={progress} />
        <Facts
          rows={[
            [t('campaign.planned'), <Num key="p" value={progress.planned} />],
            [t('campaign.sent'), <Num key="s" value={progress.sent} />],
            [t('campaign.suppressed'), <Num key="u" value={progress.suppressed} />],
            [t('campaign.failed'), <Num key="f" value={progress.failed} />],
          ]}
        />
      </div>
    </Panel>
  );
}

// Whoever approves sees the message as real members would.
function MessagePanel({ campaign }: { campaign: Campaign }) {
  const t = useT();
  const { message, audience } = campaign;
  const lint = useCampaignLint({ message, audience, channel: campaign.channel }, true);
  return (
    <div className="columns half">
      <Panel title={t('campaign.message')}>
        <div className="phone-preview">
          {heading_of(message) && <b>{heading_of(message)}</b>}
          <span>{message.body}</span>
          {message.link && <span className="soft small">{message.link}</span>}
        </div>
      </Panel>
      <Panel title={t('campaign.to_people')}>
        <Loaded of={lint}>{(data) => <Previews lint={data} busy={lint.isFetching} />}</Loaded>
      </Panel>
    </div>
  );
}

function Details(props: {
  campaign: Campaign;
  audience?: { id: string; name: string; count: number | null };
}) {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const names = useNames();
  const schedule_text = useScheduleText();
  const { campaign, audience } = props;
  const who = audience ? (
    <>
      <Link to={`/audiences/${audience.id}`}>{audience.name}</Link>{' '}
      <span className="soft small">
        <Num value={audience.count} />
      </span>
    </>
  ) : (
    'rule' in campaign.audience && sentence_of(campaign.audience.rule, names, language)
  );
  return (
    <Panel title={t('campaign.details')}>
      <Facts
        rows={[
          [t('campaign.audience'), who],
          [t('campaign.channel'), label('channel', campaign.channel)],
          [t('campaign.schedule'), schedule_text(campaign)],
          [t('campaign.control'), <Share key="c" share={campaign.control_share} />],
          [
            t('campaign.goal'),
            campaign.goal
              ? `${names.event(campaign.goal.event)} · ${t('ui.days', { count: Number.parseInt(campaign.goal.window, 10) })}`
              : '–',
          ],
          [t('campaign.purpose'), label('purpose', campaign.purpose)],
          [t('campaign.submitted_by'), campaign.submitted_by || '–'],
          [t('campaign.approved_by'), campaign.approved_by || '–'],
        ]}
      />
    </Panel>
  );
}

function MoreOfCampaign({ campaign }: { campaign: Campaign }) {
  const t = useT();
  const navigate = useNavigate();
  const { message, modal } = App.useApp();
  const problem_text = useProblemText();
  const act = useActOnCampaign();
  const remove = useRemoveCampaign();
  const failed = (error: unknown) => void message.error(problem_text(error));
  const clone = () =>
    act.mutate(
      { id: campaign.id, act: 'clone' },
      { onSuccess: (copy) => void navigate(`/campaigns/${copy.id}/edit`), onError: failed },
    );
  const ask_remove = () =>
    modal.confirm({
      title: t('campaign.delete'),
      content: t('campaign.delete_text'),
      okText: t('ui.delete'),
      cancelText: t('ui.cancel'),
      okButtonProps: { danger: true },
      onOk: () => remove.mutateAsync(campaign.id).then(() => void navigate('/campaigns'), failed),
    });
  const only_drafts =
    campaign.state !== 'draft' && campaign.state !== 'rejected' && t('campaign.delete_blocked');
  return (
    <MoreMenu
      items={[
        { label: t('ui.clone'), may: 'edit_campaigns', act: clone },
        {
          label: t('ui.delete'),
          may: 'edit_campaigns',
          act: ask_remove,
          danger: true,
          blocked: only_drafts,
        },
      ]}
    />
  );
}
