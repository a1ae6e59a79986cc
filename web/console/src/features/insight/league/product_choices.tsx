// What the ranking of products asks, as fields: on its page, and where its tile is changed.

import type { LeagueMeasure, ProductsQuestion } from '@/api/types';
import { pers } from './choice';
import { product_measures } from './product_table';
import { MeasureField, UnitFields, type UnitChoice } from './unit_choice';
import { units_offered } from './units';

export type ProductsChoice = UnitChoice & { measure: LeagueMeasure };
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
  const { choice, change } = props;
  return (
    <div className="bar">
      <UnitFields {...{ choice, change }} />
      <MeasureField measure={choice.measure} offered={product_measures} change={change} />
    </div>
  );
}
