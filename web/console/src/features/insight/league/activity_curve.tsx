// DAU, WAU and MAU of a product day by day, and how sticky it is; a day opens to its customers.

import { useMemo, useState } from 'react';
import type { ActivityAnswer, ActivityQuestion } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { TimeChart } from '@/ui/chart';
import { Panel } from '@/ui/page';
import { Share } from '@/ui/show';
import { Loaded } from '@/ui/states';
import { day_and_month } from '@/ui/times';
import { activity_of, useActivity } from '../api/league';
import { PutOnBoard } from '../ask/put_on_board';
import type { OpenedPeople } from '../people/kept';
import { OpenPeople } from '../people/open_people';
import { PeopleDrawer } from '../people/people_drawer';
import './league.css';

type Props = { product: string; name: string; org?: string };

export function ActivityCurve({ product, name, org }: Props) {
  const t = useT();
  const question = activity_of(product, org);
  const activity = useActivity(question);
  const about = `${name} · ${t('league.curve_title')}`;
  return (
    <Panel
      title={t('league.curve')}
      extra={
        <span className="row">
          <Sticky answer={activity.data} />
          <PutOnBoard page={{ kind: 'activity', ask: question }} title={about} />
        </span>
      }
    >
      <Loaded of={activity} height={240}>
        {(answer) => (
          <ActivityDays answer={answer} question={question} about={about} height={240} />
        )}
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

const spans = ['day', 'week', 'month'] as const;
const curves = { day: 'dau', week: 'wau', month: 'mau' } as const;

type DaysProps = {
  answer: ActivityAnswer;
  question: ActivityQuestion;
  about: string; // where the numbers stand
  height: number | string;
};

// The running day is left out: it would look like a fall.
export function ActivityDays({ answer, question, about, height }: DaysProps) {
  const t = useT();
  const [picked, set_picked] = useState<string | null>(null);
  const points = useMemo(() => answer.points.slice(0, -1), [answer]);
  const series = useMemo(
    () =>
      (['mau', 'wau', 'dau'] as const).map((one) => ({
        name: t(`league.curve.${one}`),
        points: points.map((point) => ({ at: point.at, value: point[one] })),
      })),
    [points, t],
  );
  const point = points.find((one) => one.at === picked) ?? points.at(-1);
  return (
    <>
      <TimeChart series={series} label={t('league.curve')} height={height} on_pick={set_picked} />
      {point && <OneDay point={point} question={question} about={about} />}
    </>
  );
}

// The figures of the day that was picked in the chart, else of the last whole one.
function OneDay(props: {
  point: ActivityAnswer['points'][number];
  question: ActivityQuestion;
  about: string;
}) {
  const t = useT();
  const { language } = useLanguage();
  const { point, question, about } = props;
  const [opened, set_opened] = useState<OpenedPeople | null>(null);
  const day = day_and_month(point.at, language);
  return (
    <p className="soft small row wrap activity-day">
      <b>{day}</b>
      {spans.map((span) => {
        const what = t(`league.curve.${curves[span]}`);
        return (
          <span key={span}>
            {what}{' '}
            <OpenPeople
              value={point[curves[span]]}
              opened={{ of: { activity: question, at: point.at, span }, title: `${what} · ${day}` }}
              open={set_opened}
            />
          </span>
        );
      })}
      <span>{t('league.curve_pick')}</span>
      {opened && <PeopleDrawer opened={opened} about={about} close={() => set_opened(null)} />}
    </p>
  );
}
