import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { Campaign, CampaignDraft } from '@/api/types';
import { useAudiences } from '@/features/audience/api/list';
import { useChannels } from '@/features/channel/api/channels';
import { useCampaign } from '@/features/engage/api/get';
import { CampaignEditor } from '@/features/engage/components/campaign_editor';
import { useVocabulary } from '@/rule/vocabulary';
import { Guard, Loaded } from '@/ui/states';

function blank(audience: string): CampaignDraft {
  return {
    name: '',
    description: '',
    audience: { id: audience },
    channel: 'inbox',
    provider: '',
    message: { subject: '', title: '', body: '', link: '', language: 'zh' },
    schedule: { kind: 'now' },
    control_share: 0.1,
    goal: null,
    priority: 5,
    purpose: 'marketing',
    exempt: false,
  };
}

function draft_of(campaign: Campaign): CampaignDraft {
  const { name, description, audience, channel, provider, message, schedule } = campaign;
  const { control_share, goal, priority, purpose, exempt } = campaign;
  const written = { name, description, audience, channel, provider, message, schedule };
  return { ...written, control_share, goal, priority, purpose, exempt };
}

export default function CampaignEditPage() {
  const { id } = useParams();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const vocabulary = useVocabulary();
  const audiences = useAudiences();
  const channels = useChannels();
  const campaign = useCampaign(id);
  const editor = (one?: Campaign) => (
    <Loaded of={vocabulary}>
      {(words) => (
        <CampaignEditor
          key={id ?? 'new'}
          campaign={one}
          first={one ? draft_of(one) : blank(params.get('audience') ?? '')}
          audiences={audiences.data?.items.filter((audience) => audience.state === 'active') ?? []}
          channels={channels.data?.items ?? []}
          vocabulary={words}
          after_save={(saved) => void navigate(`/campaigns/${saved.id}`)}
        />
      )}
    </Loaded>
  );
  return (
    <Guard permission="edit_campaigns">
      {id ? <Loaded of={campaign}>{(one) => editor(one)}</Loaded> : editor()}
    </Guard>
  );
}
