// The answer of the campaign: what the message changed, with how sure we are.

import type { Lift } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { Share } from '@/ui/show';
import './engage.css';

export function LiftView({ lift }: { lift: Lift | null }) {
  const t = useT();
  const { language } = useLanguage();
  if (!lift || !lift.enough_data) {
    const own = lift?.sentence[language];
    return (
      <div>
        <h3>{own ?? t('campaign.not_enough')}</h3>
        <p className="soft">{t('campaign.not_enough_text')}</p>
      </div>
    );
  }
  return (
    <div className="lift">
      <p style={{ fontSize: 16, lineHeight: '26px' }}>{lift.sentence[language]}</p>
      <Arms lift={lift} />
      <IntervalPlot lift={lift} />
    </div>
  );
}

function Arms({ lift }: { lift: Lift }) {
  const t = useT();
  const top = Math.max(lift.treated.rate, lift.control.rate, 0.0001);
  const arms = [
    ['treated', lift.treated, 'var(--c1)'],
    ['control', lift.control, 'var(--line-strong)'],
  ] as const;
  return (
    <div className="arms">
      {arms.map(([name, arm, color]) => [
        <span key={`${name}n`}>{t(`campaign.${name}`)}</span>,
        <span key={`${name}b`} className="track">
          <span
            className="fill"
            style={{ width: `${(arm.rate / top) * 100}%`, background: color }}
          />
        </span>,
        <span key={`${name}v`} className="num">
          <Share part={arm.converted} of={arm.people} />{' '}
          <span className="soft small">{t('ui.people', { count: arm.people })}</span>
        </span>,
      ])}
    </div>
  );
}

function signed(points: number): string {
  return `${points > 0 ? '+' : points < 0 ? '−' : ''}${Math.abs(points).toFixed(1)}`;
}

// The 95 % interval of the difference on a line with zero; all to the right of zero means a gain.
function IntervalPlot({ lift }: { lift: Lift }) {
  const t = useT();
  const [low, high] = lift.interval;
  const reach = Math.max(Math.abs(low), Math.abs(high), 0.001) * 1.25;
  const x = (value: number) => 200 + (value / reach) * 190;
  const sure = low > 0 || high < 0;
  const points = (value: number) => t('campaign.points', { count: signed(value * 100) });
  const label = t('campaign.interval', {
    difference: points(lift.difference),
    low: points(low),
    high: points(high),
  });
  const tone = !sure ? 'var(--soft)' : low > 0 ? 'var(--good)' : 'var(--bad)';
  return (
    <figure>
      <svg
        viewBox="0 0 400 56"
        width="100%"
        style={{ maxWidth: 560 }}
        role="img"
        aria-label={label}
      >
        <line x1="4" x2="396" y1="24" y2="24" stroke="var(--line-strong)" />
        <line x1="200" x2="200" y1="8" y2="40" stroke="var(--soft)" strokeDasharray="3 3" />
        <line
          x1={x(low)}
          x2={x(high)}
          y1="24"
          y2="24"
          stroke={tone}
          strokeWidth="5"
          strokeLinecap="round"
        />
        <circle cx={x(lift.difference)} cy="24" r="6" fill={tone} />
        <g fill="var(--soft)" fontSize="9" textAnchor="middle">
          <text x="200" y="53">
            0
          </text>
          <text x={x(low)} y="53">
            {Math.abs(x(low) - 200) > 26 ? signed(low * 100) : ''}
          </text>
          <text x={x(high)} y="53">
            {Math.abs(x(high) - 200) > 26 ? signed(high * 100) : ''}
          </text>
        </g>
      </svg>
      <figcaption className="soft small">{label}</figcaption>
    </figure>
  );
}
