// What a league counts, as figures of a row.

import type { Activity, LeagueMeasure, Product } from '@/api/types';
import type { Language } from '@/api/types';

export const measures: LeagueMeasure[] = [
  'active',
  'stickiness',
  'transacting',
  'effective',
  'conversion',
  'transactions',
  'value',
  'customers',
];

export const is_rate = (measure: LeagueMeasure) =>
  measure === 'stickiness' || measure === 'conversion';

export const figure = (activity: Activity, measure: LeagueMeasure): number | null =>
  activity[measure];

// A product without transactions has nothing to say of them.
export const measures_of = (product: Product | undefined): LeagueMeasure[] =>
  measures.filter((one) => {
    if (one === 'value') return Boolean(product?.value);
    const is_of_transactions = ['transacting', 'effective', 'conversion', 'transactions'];
    return !is_of_transactions.includes(one) || Boolean(product?.transactions?.length);
  });

export const product_name = (product: Product, language: Language) =>
  language === 'zh' ? product.name_zh : product.name_en;
