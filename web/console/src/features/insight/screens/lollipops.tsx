// Ranked values as sticks with a head; a spread is a band behind the head, the release before a ring.

import type { ReactNode } from 'react';
import './screens.css';

export type Stick = {
  key: string;
  name: ReactNode;
  value: number;
  band?: [number, number];
  before?: number | null;
  warn?: boolean;
  tail: ReactNode; // what stands behind the stick: the number, which opens
};

export function Lollipops({ sticks, label }: { sticks: Stick[]; label: string }) {
  const top = Math.max(
    ...sticks.flatMap((one) => [one.value, one.band?.[1] ?? 0, one.before ?? 0]),
    1e-9,
  );
  const at = (value: number) => `${(value / top) * 100}%`;
  return (
    <ul className="lollipops" aria-label={label}>
      {sticks.map((one) => (
        <li key={one.key} className={one.warn ? 'warn' : ''}>
          <span className="clip">{one.name}</span>
          <span className="lollipop" aria-hidden>
            <span className="stick" style={{ width: at(one.value) }} />
            {one.band && (
              <span
                className="band"
                style={{ left: at(one.band[0]), width: at(one.band[1] - one.band[0]) }}
              />
            )}
            {one.before !== null && one.before !== undefined && (
              <span className="head ring" style={{ left: at(one.before) }} />
            )}
            <span className="head" style={{ left: at(one.value) }} />
          </span>
          <span className="lollipop-tail">{one.tail}</span>
        </li>
      ))}
    </ul>
  );
}
