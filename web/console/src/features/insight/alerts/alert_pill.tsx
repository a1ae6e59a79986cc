import type { Alert } from '@/api/types';
import { useT } from '@/i18n';
import { Pill } from '@/ui/show';

const tones = { ok: 'good', firing: 'bad', acknowledged: 'warn' } as const;

export function AlertPill({ alert }: { alert: Alert }) {
  const t = useT();
  if (!alert.active) return <Pill tone="plain">{t('alert.paused')}</Pill>;
  if (alert.problem) return <Pill tone="warn">{t('alert.broken')}</Pill>;
  return <Pill tone={tones[alert.state]}>{t(`alert.state.${alert.state}`)}</Pill>;
}
