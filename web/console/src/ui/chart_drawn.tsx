import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useLook } from '@/app/theme';
import { useLanguage } from '@/i18n';
import type { TimeChartProps } from './chart';
import { exact_number, short_number } from './numbers';
import { day_and_month } from './times';

use([LineChart, GridComponent, TooltipComponent, LegendComponent, SVGRenderer]);

function colours(): Record<string, string> {
  const style = getComputedStyle(document.documentElement);
  const names = ['text', 'soft', 'line', 'raised', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  );
}

function option_of(props: TimeChartProps, language: 'zh' | 'en') {
  const c = colours();
  const many = props.series.length > 1;
  const days = props.series[0]?.points.map((point) => point.at) ?? [];
  return {
    animationDuration: 150,
    color: [c.c1, c.c2, c.c3, c.c4, c.c5, c.c6, c.c7, c.c8],
    grid: { left: 4, right: 16, top: many ? 34 : 12, bottom: 4, outerBoundsMode: 'same' },
    legend: many
      ? {
          top: 0,
          left: 0,
          type: 'scroll',
          icon: 'roundRect',
          itemHeight: 3,
          textStyle: { color: c.soft },
        }
      : undefined,
    tooltip: {
      trigger: 'axis',
      backgroundColor: c.raised,
      borderColor: c.line,
      textStyle: { color: c.text },
      valueFormatter: (value: number | null) =>
        value === null ? '–' : exact_number(value, language),
    },
    xAxis: {
      type: 'category',
      data: days.map((day) => day_and_month(day, language)),
      boundaryGap: false,
      axisLine: { lineStyle: { color: c.line } },
      axisTick: { show: false },
      axisLabel: { color: c.soft, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      splitNumber: 3,
      axisLabel: { color: c.soft, formatter: (value: number) => short_number(value, language) },
      splitLine: { lineStyle: { color: c.line } },
    },
    series: props.series.map((one) => ({
      type: 'line',
      name: one.name,
      data: one.points.map((point) => point.value),
      showSymbol: false,
      symbolSize: 7,
      lineStyle: { width: 2 },
    })),
  };
}

export default function ChartDrawn(props: TimeChartProps) {
  const { language } = useLanguage();
  const { look } = useLook();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(null);
  const { series, on_pick } = props;
  useEffect(() => {
    const made = init(box.current!, null, { renderer: 'svg' });
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(box.current!);
    return () => {
      watch.disconnect();
      made.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option_of({ ...props, series }, language), true);
  }, [props, series, language, look]);
  useEffect(() => {
    const made = chart.current;
    if (!made || !on_pick) return;
    const pick = (event: { offsetX: number; offsetY: number }) => {
      const at = made.convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY])[0] ?? -1;
      const point = series[0]?.points[Math.round(at)];
      if (point) on_pick(point.at, series[0]!.name);
    };
    made.getZr().on('click', pick);
    return () => {
      if (!made.isDisposed()) made.getZr().off('click', pick);
    };
  }, [series, on_pick]);
  return (
    <>
      <div
        ref={box}
        role="img"
        aria-label={props.label}
        style={{ height: props.height ?? 220, width: '100%' }}
      />
      <ChartTable {...props} />
    </>
  );
}

// The same numbers for screen readers, who get nothing from a drawing.
function ChartTable({ series, label }: TimeChartProps) {
  const { language } = useLanguage();
  return (
    <div className="visually-hidden">
      <table>
        <caption>{label}</caption>
        <tbody>
          {series.map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              {one.points.map((point) => (
                <td key={point.at}>
                  {day_and_month(point.at, language)}: {point.value ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
