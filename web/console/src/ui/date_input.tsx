// A day, a moment or a time of day, picked in the console's language or typed as it is shown. The
// calendar is loaded when one is shown.

import { lazy, Suspense } from 'react';
import { Skeleton } from './states';
import type { Written } from './written';

export type DateInputProps = {
  value: string; // 2026-10-01, 2026-10-01T09:00 or 09:00; empty: none
  change: (value: string) => void;
  id?: string;
  label?: string; // where nothing beside it names it
  width?: number; // otherwise the whole of its place
  needed?: boolean; // it cannot be emptied
};

const Calendar = lazy(() => import('./calendar'));

function Asked({ what, ...props }: DateInputProps & { what: Written }) {
  return (
    <Suspense fallback={<Skeleton height={32} width={props.width} />}>
      <Calendar what={what} {...props} />
    </Suspense>
  );
}

export const DateInput = (props: DateInputProps) => <Asked what="day" {...props} />;

// A day and a time of that day, as a wall clock shows it; whose clock is the caller's to say.
export const MomentInput = (props: DateInputProps) => <Asked what="moment" {...props} />;

export const TimeInput = (props: DateInputProps) => <Asked what="time" {...props} />;
