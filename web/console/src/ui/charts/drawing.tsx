// What every drawn chart shares: its colours, its life in the page, and its numbers as a table.

import { Tooltip } from 'antd';
import { init, type EChartsCoreOption, type EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import { useLook } from '@/app/theme';
import { useLanguage } from '@/i18n';
import type { Language } from '@/api/types';
import { exact_number, percent, short_number } from '../numbers';
import type { Drawn } from '../chart';
import { legend_lines, with_room } from './labels';

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

// What stands above a chart: its legend, and its notes.
export function legend_px(series: { name: string }[], width: number): number {
  const names = series.map((one) => one.name);
  return 14 + 20 * legend_lines(names, width - 8);
}
export const marks_px = 18;
const written_from_px = 620;

// The notes that are written above the chart, as far as they have room; `Marks` says the others.
function written(marks: NonNullable<Drawn['marks']>, places: number, width: number): boolean[] {
  if (width < written_from_px) return marks.map(() => false);
  const axis_px = 48;
  const step = (width - axis_px) / Math.max(places, 1);
  return with_room(
    marks.map(({ at, text }) => ({ middle_px: axis_px + (at + 0.5) * step, text })),
    width,
  );
}

// Notes as lines across the chart.
export function mark_lines(
  { marks, labels }: Pick<Drawn, 'marks' | 'labels'>,
  c: Colours,
  width: number,
) {
  if (!marks?.length) return undefined;
  const shown = written(marks, labels.length, width);
  return {
    symbol: 'none',
    animation: false,
    lineStyle: { color: c.faint, type: 'dashed', width: 1 },
    label: { color: c.soft, fontSize: 11, position: 'end', distance: 4 },
    tooltip: { show: false },
    data: marks.map(({ at, text }, i) => ({
      xAxis: at,
      label: { show: shown[i], formatter: () => text },
    })),
  };
}

// A note without room for its text is a point that says it to who points at it or reaches it with the
// keyboard.
function Marks(props: {
  chart: EChartsType;
  marks: NonNullable<Drawn['marks']>;
  places: number;
}) {
  const { chart, marks } = props;
  const [grid] = (chart.getOption() as { grid?: { top: number }[] } | undefined)?.grid ?? [];
  if (!grid) return null;
  const is_written = written(marks, props.places, chart.getWidth());
  const points = marks.filter((_, i) => !is_written[i]);
  return points.map(({ at, text }, i) => (
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
  places?: number; // how many labels the axis has that the marks stand on
};

// Draws what `make` says, again whenever it, the look, the language or the width class changes.
// `make` and `on_ready` keep their identity while what they draw is the same.
export function Drawing({ label, height, make, on_ready, pickable, marks, places = 0 }: Props) {
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
  const is_drawn = chart && drawn > 0 && !chart.isDisposed();
  return (
    <div className="drawing-frame" style={{ height }}>
      <div
        ref={box}
        role="img"
        aria-label={label}
        className={pickable ? 'drawing pickable' : 'drawing'}
        style={{ height: '100%', width: '100%' }}
      />
      {is_drawn && marks && <Marks chart={chart} marks={marks} places={places} />}
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
