import { PlusOutlined } from '@ant-design/icons';
import { Segmented } from 'antd';
import { useMemo } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { Campaign, CampaignState } from '@/api/types';
import { useAudiences } from '@/features/audience/api/list';
import { useCampaigns } from '@/features/engage/api/list';
import { CampaignTable } from '@/features/engage/components/campaign_table';
import { useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Page, Panel } from '@/ui/page';
import { Empty } from '@/ui/states';

const views: Record<string, CampaignState[] | null> = {
  all: null,
  draft: ['draft', 'rejected'],
  in_approval: ['in_approval', 'approved'],
  running: ['scheduled', 'running', 'paused'],
  completed: ['completed', 'stopped'],
};

export default function CampaignsPage() {
  const t = useT();
  const navigate = useNavigate();
  const [params, set_params] = useSearchParams();
  const view = params.get('view') ?? 'all';
  const campaigns = useCampaigns();
  const audiences = useAudiences();
  const items = campaigns.data?.items;
  const shown = useMemo(() => items && in_view(items, view), [items, view]);
  const names = useMemo(
    () => new Map(audiences.data?.items.map((one) => [one.id, one.name])),
    [audiences.data],
  );
  const make = (
    <Act
      may="edit_campaigns"
      type="primary"
      icon={<PlusOutlined />}
      onClick={() => void navigate('/campaigns/new')}
    >
      {t('campaign.new')}
    </Act>
  );
  return (
    <Page title={t('campaign.title')} lead={t('campaign.lead')} actions={make}>
      <div className="bar" style={{ overflowX: 'auto' }}>
        <Segmented
          value={view}
          options={Object.keys(views).map((one) => ({
            value: one,
            label: `${t(`campaign.view.${one as 'all'}`)} ${items ? in_view(items, one).length : ''}`,
          }))}
          onChange={(next) => set_params(next === 'all' ? {} : { view: next }, { replace: true })}
        />
      </div>
      <Panel flush>
        <CampaignTable
          rows={shown}
          error={campaigns.error}
          retry={() => void campaigns.refetch()}
          audience_name={(id) => names.get(id) ?? '…'}
          empty={
            items?.length ? (
              <Empty title={t('campaign.none_in_view')} />
            ) : (
              <Empty title={t('campaign.empty')} text={t('campaign.empty_text')} action={make} />
            )
          }
        />
      </Panel>
    </Page>
  );
}

function in_view(campaigns: Campaign[], view: string): Campaign[] {
  const states = views[view];
  return states ? campaigns.filter((one) => states.includes(one.state)) : campaigns;
}
