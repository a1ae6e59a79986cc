// What every drawn chart shares: its colours, its life in the page, and its numbers as a table.

import { Tooltip } from 'antd';
import { init, type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import { useLook } from '@/app/theme';
import { useLanguage } from '@/i18n';
import type { Language } from '@/api/types';
import { exact_number, percent, short_number } from '../numbers';
import type { Drawn } from '../chart';

export type Colours = Record<string, string> & { palette: string[] };

const plain = ['text', 'soft', 'faint', 'line', 'raised', 'surface', 'sunken'];

export function colours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const named = Object.fromEntries(plain.map((name) => [name, value(name)]));
  const palette = [1, 2, 3, 4, 5, 6, 7, 8].map((i) => value(`c${i}`));
  return Object.assign(named, { palette }) as Colours;
}

export function shown(value: number | null | undefined, is_share: boolean, language: Language) {
  if (value === null || value === undefined) return '–';
  return is_share ? percent(value, language) : exact_number(value, language);
}

export function axis_text(is_share: boolean, language: Language) {
  return (value: number) =>
    is_share ? percent(value, language, 0) : short_number(value, language);
}

export function tooltip_look(c: Colours) {
  return {
    backgroundColor: c.raised,
    borderColor: c.line,
    textStyle: { color: c.text, fontSize: 13 },
    confine: true,
  };
}

const longest_mark = 8;
const written_from_px = 620; // where the width class changes

// Notes as lines across the chart, with the beginning of their text where there is room for it;
// elsewhere `Marks` says it.
export function mark_lines(marks: Drawn['marks'], c: Colours, width: number) {
  if (!marks?.length) return undefined;
  const short = (text: string) =>
    [...text].length > longest_mark ? `${[...text].slice(0, longest_mark).join('')}…` : text;
  return {
    symbol: 'none',
    animation: false,
    lineStyle: { color: c.faint, type: 'dashed', width: 1 },
    label: {
      show: width >= written_from_px,
      color: c.soft,
      fontSize: 11,
      position: 'insideEndTop',
      rotate: 90,
    },
    tooltip: { show: false },
    data: marks.map(({ at, text }) => ({ xAxis: at, label: { formatter: short(text) } })),
  };
}

// The notes of a narrow chart: each is a point that says its text to who points at it or reaches it
// with the keyboard.
function Marks({ chart, marks }: { chart: EChartsType; marks: NonNullable<Drawn['marks']> }) {
  const [grid] = (chart.getOption() as { grid?: { top: number }[] } | undefined)?.grid ?? [];
  if (!grid) return null;
  return marks.map(({ at, text }, i) => (
    <Tooltip key={i} title={text} trigger={['hover', 'focus']}>
      <button
        type="button"
        className="chart-mark"
        aria-label={text}
        style={{ left: chart.convertToPixel({ xAxisIndex: 0 }, at), top: grid.top }}
      />
    </Tooltip>
  ));
}

type Props = {
  label: string;
  height: number | string;
  make: (c: Colours, language: Language, width: number) => EChartsCoreOption;
  on_ready?: (chart: EChartsType) => (() => void) | undefined;
  pickable?: boolean;
  marks?: Drawn['marks'];
};

// Draws what `make` says, again whenever it, the look, the language or the width class changes.
// `make` and `on_ready` keep their identity while what they draw is the same.
export function Drawing({ label, height, make, on_ready, pickable, marks }: Props) {
  const { language } = useLanguage();
  const { look } = useLook();
  const box = useRef<HTMLDivElement>(null);
  const [chart, set_chart] = useState<EChartsType | null>(null);
  const [width, set_width] = useState(0);
  const [drawn, set_drawn] = useState(0); // how often, so that what lies above the drawing follows
  useEffect(() => {
    const made = init(box.current!, null, { renderer: 'svg' });
    set_chart(made);
    const watch = new ResizeObserver(() => {
      made.resize();
      set_width(Math.round(made.getWidth() / 40) * 40);
      set_drawn((before) => before + 1);
    });
    watch.observe(box.current!);
    return () => {
      watch.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    if (!chart || chart.isDisposed()) return;
    chart.setOption(make(colours(), language, chart.getWidth()), true);
    set_drawn((before) => before + 1);
  }, [chart, make, language, look, width]);
  useEffect(() => {
    if (!chart || chart.isDisposed() || !on_ready) return;
    return on_ready(chart);
  }, [chart, on_ready]);
  const is_narrow = chart && drawn > 0 && !chart.isDisposed() && chart.getWidth() < written_from_px;
  return (
    <div className="drawing-frame" style={{ height }}>
      <div
        ref={box}
        role="img"
        aria-label={label}
        className={pickable ? 'drawing pickable' : 'drawing'}
        style={{ height: '100%', width: '100%' }}
      />
      {is_narrow && marks && <Marks chart={chart} marks={marks} />}
    </div>
  );
}

// The same numbers for screen readers, who get nothing from a drawing.
export function NumbersTable(props: Drawn) {
  const { labels, series, marks = [], label, percent: is_share = false } = props;
  const { language } = useLanguage();
  return (
    <div className="visually-hidden">
      <table>
        <caption>{label}</caption>
        <tbody>
          {series.map((one, i) => (
            <tr key={i}>
              <th scope="row">{one.name}</th>
              {one.values.map((value, k) => (
                <td key={k}>
                  {labels[k]}: {shown(value, is_share, language)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul>
        {marks.map(({ at, text }, i) => (
          <li key={i}>
            {labels[at]}: {text}
          </li>
        ))}
      </ul>
    </div>
  );
}
