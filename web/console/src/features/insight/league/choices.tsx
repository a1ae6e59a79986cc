// What a league asks, as fields: on its page, and where its tile is changed.

import { Segmented } from 'antd';
import type { LeagueQuestion, Product } from '@/api/types';
import { useT } from '@/i18n';
import { useNames } from '@/rule/vocabulary';
import { unit_kinds, type LeagueChoice, type Units } from './choice';
import { ProductSelect } from './product_select';
import { MeasureField, UnitFields } from './unit_choice';

type Props = {
  products: Product[];
  choice: LeagueChoice;
  change: (part: Partial<LeagueQuestion>) => void; // undefined: as if it had not been asked for
};

export function LeagueChoices({ products, choice, change }: Props) {
  const t = useT();
  const { units, measure, offered } = choice;
  return (
    <div className="bar" style={{ marginBottom: 0 }}>
      <ProductSelect
        products={products}
        value={choice.product}
        change={(product) => change({ product })}
      />
      <UnitFields {...{ choice, change }} />
      <Segmented<Units>
        aria-label={t('league.units')}
        value={units}
        options={unit_kinds.map((one) => ({ value: one, label: t(`orgs.kind.${one}`) }))}
        onChange={(value) => change({ units: value })}
      />
      <MeasureField {...{ measure, offered, change }} />
    </div>
  );
}

// The unit whose parts alone are ranked, and the way back to the whole bank.
export function BelowUnit({ choice, change }: Omit<Props, 'products'>) {
  const t = useT();
  const names = useNames();
  if (!choice.below) return null;
  return (
    <p className="row">
      <span className="soft">{t('league.below', { unit: names.org(choice.below) })}</span>
      <button
        type="button"
        className="link-button"
        onClick={() => change({ below: undefined, units: 'branch' })}
      >
        {t('league.whole_bank')}
      </button>
    </p>
  );
}
