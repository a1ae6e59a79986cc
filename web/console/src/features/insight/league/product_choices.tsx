// What the ranking of products asks, as fields: on its page, and where its tile is changed.

import { Segmented, Select } from 'antd';
import type { LeagueMeasure, ProductsQuestion } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { product_measures } from './product_table';
import { unit_name, units_offered, type Per } from './units';

const pers: Per[] = ['day', 'week', 'month'];

export type ProductsChoice = {
  per: Per;
  at: string;
  recent: string[]; // the running unit first
  measure: LeagueMeasure;
};
// As written; what is none of its choices counts as left out.
type Asked = { [K in 'per' | 'at' | 'measure']?: string | null };

export function products_choice(asked: Asked): ProductsChoice {
  const per = pers.find((one) => one === asked.per) ?? 'month';
  const recent = units_offered(per, asked.at ?? null);
  return {
    ...{ per, recent },
    at: recent.find((one) => one === asked.at) ?? recent[0]!,
    measure: product_measures.find((one) => one === asked.measure) ?? 'active',
  };
}

export function ProductChoices(props: {
  choice: ProductsChoice;
  change: (part: Partial<ProductsQuestion>) => void; // undefined: as if it had not been asked for
}) {
  const t = useT();
  const { language } = useLanguage();
  const { choice, change } = props;
  const { per, at, measure, recent } = choice;
  return (
    <div className="bar">
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
      <Select<LeagueMeasure>
        style={{ width: 190 }}
        aria-label={t('league.by')}
        value={measure}
        options={product_measures.map((one) => ({
          value: one,
          label: t(`league.measure.${one}`),
        }))}
        onChange={(value) => change({ measure: value })}
      />
    </div>
  );
}
