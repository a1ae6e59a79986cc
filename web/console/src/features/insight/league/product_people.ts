import type { LeaguePart, ProductResult, ProductsQuestion } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import type { OpenedPeople } from '../people/kept';
import { product_name } from './measures';

// The customers behind a number of a product: those whom a league of all units counts.
export function useProductPeople() {
  const t = useT();
  const { language } = useLanguage();
  return (row: ProductResult, part: LeaguePart, { per, at }: ProductsQuestion): OpenedPeople => ({
    of: { league: { product: row.product.id, per, at }, part },
    title: `${product_name(row.product, language)} · ${t(`league.part.${part}`)}`,
  });
}
