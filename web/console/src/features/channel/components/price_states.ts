import type { Price } from '@/api/types';

export type PriceState = 'holds' | 'later' | 'over';

// Of each price by its id: the latest of its channel that has begun holds.
export function states_of(prices: Price[], today: string): Map<string, PriceState> {
  const holding = new Map<string, Price>();
  for (const price of prices) {
    const known = holding.get(price.channel);
    if (price.valid_from <= today && (!known || price.valid_from > known.valid_from))
      holding.set(price.channel, price);
  }
  return new Map(
    prices.map((price) => [
      price.id,
      price.valid_from > today
        ? 'later'
        : holding.get(price.channel) === price
          ? 'holds'
          : 'over',
    ]),
  );
}
