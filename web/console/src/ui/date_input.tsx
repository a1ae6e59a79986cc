// A day, picked from a calendar of the console's language or typed as 2026-10-01. The calendar is
// loaded when one is shown.

import { lazy, Suspense } from 'react';
import { Skeleton } from './states';

export type DateInputProps = {
  value: string; // 2026-10-01; empty: none
  change: (day: string) => void;
  id?: string;
  label?: string; // where nothing beside it names it
};

const Calendar = lazy(() => import('./calendar'));

export function DateInput(props: DateInputProps) {
  return (
    <Suspense fallback={<Skeleton height={32} />}>
      <Calendar {...props} />
    </Suspense>
  );
}
