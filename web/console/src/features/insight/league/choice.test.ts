import { expect, test } from 'vitest';
import type { Product } from '@/api/types';
import { league_choice, product_asked } from './choice';
import { recent_units } from './units';

const product = (id: string, transacts: boolean) =>
  ({ id, ...(transacts && { transactions: [{ event: 'buy' }], value: 'amount' }) }) as Product;
const [app, articles] = [product('prd_1', true), product('prd_2', false)];
const products = [app, articles];

test('no product asked for is the first one, a product that is gone is none', () => {
  for (const none of [undefined, null, '']) expect(product_asked(products, none)).toBe(app);
  expect(product_asked(products, 'prd_2')).toBe(articles);
  expect(product_asked(products, 'prd_gone')).toBeNull();
  expect(product_asked([], null)).toBeNull();
});

test('a league without a word asks for the active customers of the branches this month', () => {
  const choice = league_choice(products, {});
  expect(choice).toMatchObject({ product: app, per: 'month', units: 'branch', measure: 'active' });
  expect([choice.at, choice.below]).toEqual([recent_units('month')[0], '']);
});

test('what is asked for is chosen, and words that are no choice are passed over', () => {
  const asked = { product: 'prd_1', per: 'week', units: 'outlet', measure: 'value', below: '01' };
  expect(league_choice(products, asked)).toMatchObject({ ...asked, product: app });
  const choice = league_choice(products, { per: 'year', units: 'bank', measure: 'luck', at: 'may' });
  expect(choice).toMatchObject({ per: 'month', units: 'branch', measure: 'active' });
  expect(choice.at).toBe(recent_units('month')[0]);
});

test('a product without transactions is not ranked by them, nor is one that is gone', () => {
  for (const id of ['prd_2', 'prd_gone'])
    expect(league_choice(products, { product: id, measure: 'value' }).measure).toBe('active');
});
