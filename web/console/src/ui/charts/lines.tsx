import { LineChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { use, type EChartsType } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import { useCallback } from 'react';
import type { Language } from '@/api/types';
import type { LineChartProps } from '../chart';
import {
  axis_text,
  Drawing,
  legend_px,
  mark_lines,
  marks_px,
  NumbersTable,
  shown,
  tooltip_look,
  type Colours,
} from './drawing';
import { text_px } from './labels';

use([
  LineChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  MarkLineComponent,
  LabelLayout,
  SVGRenderer,
]);

const most_direct_labels = 5;
const direct_from_px = 560;
const most_legend_px = 80;
const roomy_from_px = 800;

// An axis of large shares ends at the whole, in quarters.
function share_axis(series: LineChartProps['series']) {
  const most = Math.max(...series.flatMap((one) => one.values.map((value) => value ?? 0)));
  return most > 0.75 ? { max: 1, interval: 0.25 } : {};
}

const has_fractions = (series: LineChartProps['series']) =>
  series.some((one) => one.values.some((value) => value !== null && !Number.isInteger(value)));

function option_of(props: LineChartProps, c: Colours, language: Language, width: number) {
  const many = props.series.length > 1;
  // A few lines carry their names at their ends; more get a legend.
  const direct = many && props.series.length <= most_direct_labels && width >= direct_from_px;
  const names_px = Math.max(...props.series.map((one) => text_px(one.name))) + 4;
  const name_px = Math.min(names_px, width >= roomy_from_px ? 118 : 86);
  const is_share = props.percent ?? false;
  const legend_full = legend_px(props.series, width);
  const scrolls = legend_full > most_legend_px;
  const legend_top = scrolls ? 34 : legend_full;
  return {
    animationDuration: 150,
    color: c.palette,
    grid: {
      left: 4,
      right: direct ? name_px + 10 : 16,
      top: (many && !direct ? legend_top : 12) + (props.marks?.length ? marks_px : 0),
      bottom: 4,
      outerBoundsMode: 'same',
    },
    legend:
      many && !direct
        ? {
            top: 0,
            left: 0,
            type: scrolls ? 'scroll' : 'plain',
            icon: 'roundRect',
            itemHeight: 3,
            textStyle: { color: c.soft },
          }
        : undefined,
    tooltip: {
      ...tooltip_look(c),
      trigger: 'axis',
      valueFormatter: (value: number | null) => shown(value, is_share, language),
    },
    xAxis: {
      type: 'category',
      data: props.labels,
      boundaryGap: false,
      axisLine: { lineStyle: { color: c.line } },
      axisTick: { show: false },
      axisLabel: { color: c.soft, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      minInterval: is_share || has_fractions(props.series) ? undefined : 1,
      splitNumber: 3,
      ...(is_share ? share_axis(props.series) : {}),
      axisLabel: { color: c.soft, formatter: axis_text(is_share, language) },
      splitLine: { lineStyle: { color: c.line } },
    },
    series: props.series.map((one, i) => ({
      type: 'line',
      name: one.name,
      data: one.values,
      showSymbol: one.dots === true || one.values.length === 1,
      showAllSymbol: one.dots ? true : 'auto',
      symbolSize: 7,
      lineStyle: {
        width: one.dots ? 0 : one.faint ? 1 : 2,
        opacity: one.faint ? 0.45 : 1,
        type: one.dashed ? [4, 4] : 'solid',
      },
      markLine: i === 0 ? mark_lines(props, c, width) : undefined,
      ...(one.colour === undefined ? {} : { color: c.palette[one.colour] }),
      endLabel: direct && !one.dots
        ? {
            show: true,
            formatter: '{a}',
            color: c.palette[(one.colour ?? i) % c.palette.length],
            width: name_px,
            lineHeight: 15,
            overflow: 'truncate',
          }
        : undefined,
      labelLayout: direct ? { moveOverlap: 'shiftY' } : undefined,
    })),
  };
}

export default function Lines(props: LineChartProps) {
  const { labels, series, percent, marks, on_pick } = props;
  const make = useCallback(
    (c: Colours, language: Language, width: number) =>
      option_of({ labels, series, percent, marks, label: '' }, c, language, width),
    [labels, series, percent, marks],
  );
  const on_ready = useCallback(
    (chart: EChartsType) => {
      if (!on_pick) return undefined;
      const pick = (event: { offsetX: number; offsetY: number }) => {
        const at = chart.convertFromPixel({ gridIndex: 0 }, [event.offsetX, event.offsetY])[0];
        const index = Math.round(at ?? -1);
        if (index >= 0 && index < labels.length) on_pick(index);
      };
      chart.getZr().on('click', pick);
      return () => {
        if (!chart.isDisposed()) chart.getZr().off('click', pick);
      };
    },
    [labels, on_pick],
  );
  return (
    <>
      <Drawing
        label={props.label}
        height={props.height ?? 220}
        make={make}
        on_ready={on_ready}
        pickable={Boolean(on_pick)}
        marks={marks}
        places={labels.length}
      />
      <NumbersTable {...props} />
    </>
  );
}
