import type { Returns } from '@/api/types';

type Amount = 'income' | 'incremental_income' | 'gain';

// Of several campaigns: those that tell nothing are left out, and where none tells, nothing is.
export function sum_of(all: Returns[]): Returns {
  const sum = (name: Amount) => {
    const told = all.map((one) => one[name]).filter((one) => one !== null);
    return told.length > 0 ? told.reduce((total, one) => total + one, 0) : null;
  };
  return {
    cost: all.reduce((total, one) => total + one.cost, 0),
    per_delivered: null,
    per_clicked: null,
    per_converted: null,
    per_acquired: null,
    per_activated: null,
    incremental: null,
    incremental_acquired: null,
    incremental_activated: null,
    per_incremental: null,
    income: sum('income'),
    incremental_income: sum('incremental_income'),
    gain: sum('gain'),
  };
}
