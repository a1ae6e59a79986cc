// DAU, WAU and MAU of a product day by day, and how sticky it is.

import { useMemo } from 'react';
import { useT } from '@/i18n';
import { TimeChart } from '@/ui/chart';
import { Panel } from '@/ui/page';
import { Share } from '@/ui/show';
import { Loaded } from '@/ui/states';
import type { ActivityAnswer } from '@/api/types';
import { useActivity } from '../api/league';

export function ActivityCurve(props: { product: string; org?: string }) {
  const t = useT();
  const activity = useActivity(props.product, props.org);
  return (
    <Panel title={t('league.curve')} extra={<Sticky answer={activity.data} />}>
      <Loaded of={activity} height={240}>
        {(answer) => <Curve answer={answer} />}
      </Loaded>
    </Panel>
  );
}

// The mean of a day's share in the month that ends with it, over the days shown.
function Sticky({ answer }: { answer: ActivityAnswer | undefined }) {
  const t = useT();
  const shares = (answer?.points ?? [])
    .slice(0, -1)
    .filter((one) => one.mau > 0)
    .map((one) => one.dau / one.mau);
  if (shares.length === 0) return null;
  const mean = shares.reduce((sum, one) => sum + one, 0) / shares.length;
  return (
    <span className="soft small">
      {t('league.curve_stickiness')} <Share share={mean} />
    </span>
  );
}

// The running day is left out: it would look like a fall.
function Curve({ answer }: { answer: ActivityAnswer }) {
  const t = useT();
  const series = useMemo(
    () =>
      (['mau', 'wau', 'dau'] as const).map((one) => ({
        name: t(`league.curve.${one}`),
        points: answer.points.slice(0, -1).map((point) => ({ at: point.at, value: point[one] })),
      })),
    [answer, t],
  );
  return <TimeChart series={series} label={t('league.curve')} height={240} />;
}
