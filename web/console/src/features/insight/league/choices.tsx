// What a league asks, as fields: on its page, and where its tile is changed.

import { Segmented, Select } from 'antd';
import type { LeagueMeasure, LeagueQuestion, Product } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { useNames } from '@/rule/vocabulary';
import { pers, unit_kinds, type LeagueChoice, type Units } from './choice';
import { ProductSelect } from './product_select';
import { unit_name, type Per } from './units';

type Props = {
  products: Product[];
  choice: LeagueChoice;
  change: (part: Partial<LeagueQuestion>) => void; // undefined: as if it had not been asked for
};

export function LeagueChoices({ products, choice, change }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const { per, at, recent, units, measure, offered } = choice;
  return (
    <div className="bar" style={{ marginBottom: 0 }}>
      <ProductSelect
        products={products}
        value={choice.product}
        change={(product) => change({ product })}
      />
      <Segmented<Per>
        aria-label={t('league.per')}
        value={per}
        options={pers.map((one) => ({ value: one, label: t(`league.per.${one}`) }))}
        onChange={(value) => change({ per: value, at: undefined })}
      />
      <Select
        style={{ width: 190 }}
        aria-label={t('league.when')}
        value={at}
        options={recent.map((one, i) => ({
          value: one,
          label: `${unit_name(per, one, language)}${i === 0 ? t('league.running_mark') : ''}`,
        }))}
        // What asks for the running month stays with the running month.
        onChange={(value: string) => change({ at: value === recent[0] ? undefined : value })}
      />
      <Segmented<Units>
        aria-label={t('league.units')}
        value={units}
        options={unit_kinds.map((one) => ({ value: one, label: t(`orgs.kind.${one}`) }))}
        onChange={(value) => change({ units: value })}
      />
      <Select<LeagueMeasure>
        style={{ width: 190 }}
        aria-label={t('league.by')}
        value={measure}
        options={offered.map((one) => ({ value: one, label: t(`league.measure.${one}`) }))}
        onChange={(value) => change({ measure: value })}
      />
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
