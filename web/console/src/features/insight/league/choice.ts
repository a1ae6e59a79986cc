// What a league asks, with what may be chosen instead; whether it stands in an address or in a tile.

import type { LeagueMeasure, LeagueQuestion, Product } from '@/api/types';
import { measures_of } from './measures';
import { units_offered, type Per } from './units';

export type Units = NonNullable<LeagueQuestion['units']>;
export const unit_kinds: Units[] = ['branch', 'outlet', 'manager'];
export const pers: Per[] = ['day', 'week', 'month'];

// As written; a member that is none of its choices counts as left out.
export type AskedLeague = {
  [K in 'product' | 'per' | 'at' | 'units' | 'measure' | 'below']?: string | null;
};

export type LeagueChoice = {
  product: Product | null; // null: asked for, and gone
  per: Per;
  at: string;
  recent: string[]; // the running unit first
  units: Units;
  measure: LeagueMeasure;
  offered: LeagueMeasure[];
  below: string;
};

// The first product where none is asked for.
export function product_asked(products: Product[], id: string | null | undefined): Product | null {
  return (id ? products.find((one) => one.id === id) : products[0]) ?? null;
}

export function league_choice(products: Product[], asked: AskedLeague): LeagueChoice {
  const product = product_asked(products, asked.product);
  const per = pers.find((one) => one === asked.per) ?? 'month';
  const recent = units_offered(per, asked.at ?? null);
  const offered = measures_of(product ?? undefined);
  return {
    ...{ product, per, recent, offered },
    at: recent.find((one) => one === asked.at) ?? recent[0]!,
    units: unit_kinds.find((one) => one === asked.units) ?? 'branch',
    measure: offered.find((one) => one === asked.measure) ?? 'active',
    below: asked.below ?? '',
  };
}
