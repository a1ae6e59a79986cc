// Small pieces that show one value: numbers, shares, times, states.

import { useSyncExternalStore, type ReactNode } from 'react';
import { useLanguage, useT } from '@/i18n';
import { change_of, exact_number, percent, short_number } from './numbers';
import { ago, date_time } from './times';

export function Num(props: { value: number | null | undefined; className?: string }) {
  const { language } = useLanguage();
  if (props.value === null || props.value === undefined) return <span className="faint">–</span>;
  const short = short_number(props.value, language);
  const exact = exact_number(props.value, language);
  return (
    <span className={`num ${props.className ?? ''}`} title={short === exact ? undefined : exact}>
      {short}
    </span>
  );
}

// A share with the base that gives it meaning, on hover.
export function Share(props: { part?: number; of?: number; share?: number; digits?: number }) {
  const { language } = useLanguage();
  const { part, of } = props;
  const share = props.share ?? (part !== undefined && of ? part / of : Number.NaN);
  const base =
    part !== undefined && of !== undefined
      ? `${exact_number(part, language)} / ${exact_number(of, language)}`
      : undefined;
  return (
    <span className="num" title={base}>
      {percent(share, language, props.digits ?? 1)}
    </span>
  );
}

export function Change(props: { value: number; previous: number }) {
  const { language } = useLanguage();
  const t = useT();
  const change = change_of(props.value, props.previous);
  if (change === null) return <span className="soft small">{t('ui.no_comparison')}</span>;
  const tone = change > 0 ? 'good' : change < 0 ? 'bad' : 'soft';
  const arrow = change > 0 ? '↑' : change < 0 ? '↓' : '→';
  return (
    <span className={`num small ${tone}`} title={exact_number(props.previous, language)}>
      {arrow} {percent(Math.abs(change), language)}
    </span>
  );
}

export function When(props: { at: string | null | undefined; exact?: boolean }) {
  const { language } = useLanguage();
  if (!props.at) return <span className="faint">–</span>;
  const exact = date_time(props.at, language);
  return (
    <time className="num" dateTime={props.at} title={exact}>
      {props.exact ? exact : ago(props.at, language)}
    </time>
  );
}

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'accent' | 'plain';

export function Pill(props: { tone?: Tone; bare?: boolean; children: ReactNode }) {
  return (
    <span className={`pill ${props.tone ?? 'plain'} ${props.bare ? 'bare' : ''}`}>
      {props.children}
    </span>
  );
}

export function Sparkline(props: { values: number[]; width?: number; height?: number }) {
  const { values, width = 84, height = 22 } = props;
  const { language } = useLanguage();
  const t = useT();
  if (values.length < 2) return null;
  const top = Math.max(...values, 1);
  const step = width / (values.length - 1);
  const y = (value: number) => height - 2 - (value / top) * (height - 4);
  const points = values.map((value, i) => `${(i * step).toFixed(1)},${y(value).toFixed(1)}`);
  const label = t('ui.spark', {
    last: short_number(values.at(-1)!, language),
    top: short_number(top, language),
  });
  return (
    <svg className="spark" width={width} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="var(--c1)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
      <circle cx={width} cy={y(values.at(-1)!)} r="2" fill="var(--c1)" />
    </svg>
  );
}

export function Bars(props: {
  rows: { key: string; label: ReactNode; value: number; tail?: ReactNode; color?: string }[];
  top?: number;
}) {
  const top = props.top ?? Math.max(...props.rows.map((row) => row.value), 1);
  return (
    <ul className="bars">
      {props.rows.map((row) => (
        <li key={row.key}>
          <span className="clip">{row.label}</span>
          <span className="track">
            <span
              className="fill"
              style={{
                display: 'block',
                width: `${(row.value / top) * 100}%`,
                background: row.color,
              }}
            />
          </span>
          <span className="num">{row.tail ?? <Num value={row.value} />}</span>
        </li>
      ))}
    </ul>
  );
}

const narrow = window.matchMedia('(max-width: 760px)');

export function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      narrow.addEventListener('change', changed);
      return () => narrow.removeEventListener('change', changed);
    },
    () => narrow.matches,
  );
}
