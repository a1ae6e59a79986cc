import { BarChart } from 'echarts/charts';
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
import { short_number } from '../numbers';
import type { BarChartProps } from '../chart';
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

use([
  BarChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  MarkLineComponent,
  LabelLayout,
  SVGRenderer,
]);

const narrowest_name_px = 26;

// Bars begin at zero; what is stacked with a negative value hangs below it.
function option_of(props: BarChartProps, c: Colours, language: Language, width: number) {
  const many = props.series.length > 1;
  const is_share = props.percent ?? false;
  // A few standing bars have a name each, on more lines where it is long; moments may be left out.
  const place_px = Math.floor((width - 60) / Math.max(props.labels.length, 1)) - 2;
  const is_named = props.labelled && !props.lying && place_px >= narrowest_name_px;
  const names = {
    type: 'category',
    data: props.labels,
    inverse: props.lying ?? false,
    axisLine: { lineStyle: { color: c.line }, onZero: true },
    axisTick: { show: false },
    axisLabel: {
      color: c.soft,
      hideOverlap: !props.lying && !is_named,
      ...(props.lying ? { width: 120, overflow: 'truncate' } : {}),
      ...(is_named ? { interval: 0, width: place_px, overflow: 'break', lineHeight: 15 } : {}),
    },
  };
  const values = {
    type: 'value',
    minInterval: is_share ? undefined : 1,
    splitNumber: 3,
    axisLabel: {
      color: c.soft,
      hideOverlap: true,
      formatter: (value: number) => axis_text(is_share, language)(Math.abs(value)),
    },
    splitLine: { lineStyle: { color: c.line } },
  };
  return {
    animationDuration: 150,
    color: c.palette,
    grid: {
      left: 4,
      right: props.lying && props.labelled ? 56 : 12,
      top:
        (many ? legend_px(props.series, width) : props.labelled && !props.lying ? 22 : 10) +
        (props.marks?.length ? marks_px : 0),
      bottom: 4,
      outerBoundsMode: 'same',
    },
    legend: many
      ? {
          top: 0,
          left: 0,
          icon: 'roundRect',
          itemWidth: 12,
          itemHeight: 8,
          textStyle: { color: c.soft },
        }
      : undefined,
    tooltip: {
      ...tooltip_look(c),
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: c.soft, opacity: 0.08 } },
      valueFormatter: (value: number | null) =>
        shown(value === null ? null : Math.abs(value), is_share, language),
    },
    xAxis: props.lying ? values : names,
    yAxis: props.lying ? names : values,
    series: props.series.map((one, i) => ({
      type: 'bar',
      name: one.name,
      data: one.values,
      stack: props.stacked ? 'all' : undefined,
      markLine: i === 0 ? mark_lines(props, c, width) : undefined,
      barMaxWidth: props.lying ? 18 : 56,
      barCategoryGap: props.stacked ? '28%' : '22%',
      itemStyle: {
        color: c.palette[(one.colour ?? i) % c.palette.length],
        borderRadius: props.stacked ? 0 : props.lying ? [0, 2, 2, 0] : [2, 2, 0, 0],
      },
      label: props.labelled
        ? {
            show: true,
            position: props.lying ? 'right' : 'top',
            color: c.soft,
            formatter: ({ value }: { value: number }) =>
              is_share ? axis_text(true, language)(value) : short_number(value, language),
          }
        : undefined,
      labelLayout: props.labelled ? { hideOverlap: true } : undefined,
    })),
  };
}

export default function BarsDrawn(props: BarChartProps) {
  const { labels, series, percent, marks, stacked, lying, labelled, on_pick } = props;
  const make = useCallback(
    (c: Colours, language: Language, width: number) =>
      option_of(
        { labels, series, percent, marks, stacked, lying, labelled, label: '' },
        c,
        language,
        width,
      ),
    [labels, series, percent, marks, stacked, lying, labelled],
  );
  const on_ready = useCallback(
    (chart: EChartsType) => {
      if (!on_pick) return undefined;
      const pick = (event: { dataIndex: number; seriesIndex?: number }) =>
        on_pick(event.dataIndex, event.seriesIndex ?? 0);
      chart.on('click', pick as never);
      return () => {
        if (!chart.isDisposed()) chart.off('click', pick as never);
      };
    },
    [on_pick],
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
