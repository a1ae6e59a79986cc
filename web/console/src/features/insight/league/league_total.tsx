// All customers of the question together: what they did, beside the unit of time before.

import type { LeagueAnswer, LeagueMeasure, LeaguePart } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { Panel } from '@/ui/page';
import { Num } from '@/ui/show';
import { date_time } from '@/ui/times';
import { Figure, Moved } from './figure';
import { figure } from './measures';
import './league.css';

type Props = {
  answer: LeagueAnswer;
  offered: LeagueMeasure[];
  open: (part: LeaguePart) => void;
};

const headline: LeagueMeasure[] = ['active', 'stickiness', 'transacting', 'effective', 'conversion'];
const parts: Partial<Record<LeagueMeasure, LeaguePart>> = {
  active: 'active',
  transacting: 'transacting',
  effective: 'effective',
};

export function LeagueTotal({ answer, offered, open }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const { now, before } = answer.total;
  const inactive = now.customers - now.active;
  return (
    <Panel>
      <div className="league-total">
        {headline
          .filter((one) => offered.includes(one))
          .map((one) => {
            const part = parts[one];
            const value = figure(now, one);
            const old = figure(before, one);
            return (
              <div key={one}>
                <div className="soft small">{t(`league.measure.${one}`)}</div>
                <div className="row">
                  <span className="big-number">
                    {part && value ? (
                      <button type="button" className="link-button" onClick={() => open(part)}>
                        <Num value={value} />
                      </button>
                    ) : (
                      <Figure measure={one} value={value} />
                    )}
                  </span>
                  <Moved measure={one} value={value} previous={old} />
                </div>
              </div>
            );
          })}
        <div>
          <div className="soft small">{t('league.part.inactive')}</div>
          <div className="big-number">
            {inactive > 0 ? (
              <button type="button" className="link-button" onClick={() => open('inactive')}>
                <Num value={inactive} />
              </button>
            ) : (
              <Num value={inactive} />
            )}
          </div>
        </div>
      </div>
      <p className="soft small" style={{ marginTop: 8 }}>
        {t(answer.running ? 'league.compared_running' : 'league.compared', {
          from: date_time(answer.previous.from, language),
          until: date_time(answer.previous.until, language),
        })}
      </p>
    </Panel>
  );
}
