// What the campaign cost and brought in; each figure says in a sentence what it means.

import { Link } from 'react-router';
import type { Goal, Returns } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { Money } from '@/ui/money';
import { exact_number } from '@/ui/numbers';
import './engage.css';

type Figure = Exclude<keyof Returns, `incremental${'' | '_acquired' | '_activated'}`>;
const costs: Figure[] = [
  'cost',
  'per_delivered',
  'per_clicked',
  'per_converted',
  'per_acquired',
  'per_activated',
  'per_incremental',
];
// Those whom the goal's time defines.
const of_goal: Figure[] = ['per_acquired', 'per_activated'];
const incomes: Figure[] = ['income', 'incremental_income', 'gain'];

export function ReturnsView({ returns, goal }: { returns: Returns; goal: Goal | null }) {
  const t = useT();
  if (returns.cost === 0 && returns.income === null)
    return (
      <p className="soft">
        {t('campaign.no_cost')} <Link to="/settings/prices">{t('settings.prices')}</Link>
      </p>
    );
  return (
    <>
      <Figures
        names={goal ? costs : costs.filter((name) => !of_goal.includes(name))}
        returns={returns}
      />
      {goal?.value ? (
        <Figures names={incomes} returns={returns} />
      ) : (
        <p className="soft small">{t('campaign.no_value')}</p>
      )}
    </>
  );
}

function Figures({ names, returns }: { names: Figure[]; returns: Returns }) {
  const t = useT();
  const text_of = useFigureText(returns);
  return (
    <dl className="returns">
      {names.map((name) => (
        <div key={name}>
          <dt>{t(`campaign.returns.${name}`)}</dt>
          <dd>
            <Value name={name} value={returns[name]} />
            <span className="soft small">{text_of(name)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

// What a figure is; where the comparison is sure, with the people beyond the control group.
function useFigureText(returns: Returns) {
  const t = useT();
  const { language } = useLanguage();
  return (name: Figure): string => {
    const text = t(`campaign.returns.${name}_text`);
    const more =
      name === 'per_acquired'
        ? returns.incremental_acquired
        : name === 'per_activated'
          ? returns.incremental_activated
          : name === 'per_incremental'
            ? returns.incremental
            : null;
    if (more === null) return text;
    const count = exact_number(Math.round(more), language);
    return name === 'per_incremental'
      ? t('campaign.returns.incremental_text', { count })
      : t('campaign.returns.beyond', { text, count });
  };
}

// Where the comparison is not sure, there is no number rather than an odd one.
const sure_only: Figure[] = ['per_incremental', 'incremental_income', 'gain'];

function Value({ name, value }: { name: Figure; value: number | null }) {
  const t = useT();
  if (value === null && sure_only.includes(name))
    return <span className="soft returns-value">{t('campaign.not_sure')}</span>;
  const tone = name !== 'gain' || value === null ? '' : value >= 0 ? 'good' : 'bad';
  return <Money value={value} className={`returns-value ${tone}`} />;
}
