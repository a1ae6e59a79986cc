import type { CampaignState } from '@/api/types';
import { useT } from '@/i18n';
import { Pill, type Tone } from '@/ui/show';

const tones: Record<CampaignState, Tone> = {
  draft: 'plain',
  in_approval: 'warn',
  approved: 'info',
  scheduled: 'info',
  running: 'good',
  paused: 'warn',
  completed: 'plain',
  stopped: 'plain',
  rejected: 'bad',
};

export function CampaignPill({ state }: { state: CampaignState }) {
  const t = useT();
  return <Pill tone={tones[state]}>{t(`campaign.state.${state}`)}</Pill>;
}
