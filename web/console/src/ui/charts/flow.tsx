// A Sankey diagram: how many go from one thing to the next, column by column.

import { SankeyChart } from 'echarts/charts';
import { TooltipComponent } from 'echarts/components';
import { use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useCallback } from 'react';
import { useLanguage, useT } from '@/i18n';
import type { Language } from '@/api/types';
import type { FlowChartProps } from '../chart';
import { exact_number, short_number } from '../numbers';
import { Drawing, tooltip_look, type Colours } from './drawing';
import { fitted, text_px } from './labels';

use([SankeyChart, TooltipComponent, SVGRenderer]);

type Shown = Pick<FlowChartProps, 'nodes' | 'flows' | 'in_order'>;
type Node = FlowChartProps['nodes'][number];

const node_px = 10;
const column_px = 150;
const fitted_px = 84; // of a column, where the chart fits into its place
const counted_from_px = 110; // below it a label has room for the name alone

const columns_of = (nodes: Node[]) => Math.max(...nodes.map((node) => node.depth), 1) + 1;

function option_of(drawn: Shown, c: Colours, language: Language, width: number) {
  const { nodes, flows, in_order } = drawn;
  const names = [...new Set(nodes.filter((node) => !node.quiet).map((node) => node.name))];
  const colour = ({ name, colour: own }: Node) =>
    c.palette[(own ?? names.indexOf(name)) % c.palette.length]!;
  const by_id = new Map(nodes.map((node) => [node.id, node]));
  const deepest = columns_of(nodes) - 1;
  const room = Math.min(Math.floor((width - node_px) / (deepest + 1)), column_px);
  return {
    animationDuration: 150,
    tooltip: {
      ...tooltip_look(c),
      trigger: 'item',
      formatter: (item: { dataType: string; data: Record<string, string>; value: number }) => {
        const count = exact_number(item.value, language);
        if (item.dataType === 'node')
          return `${by_id.get(item.data.name!)?.name ?? ''}<br/><b>${count}</b>`;
        const [from, to] = [item.data.source!, item.data.target!].map(
          (id) => by_id.get(id)?.name ?? '',
        );
        return `${from} → ${to}<br/><b>${count}</b>`;
      },
    },
    series: [
      {
        type: 'sankey',
        animationDuration: 150, // its own default would be a second
        left: 2,
        right: room - 2,
        top: 8,
        bottom: 8,
        nodeWidth: node_px,
        nodeGap: 16,
        nodeAlign: 'left',
        layoutIterations: in_order ? 0 : 32,
        draggable: false,
        emphasis: { focus: 'adjacency' },
        lineStyle: { color: 'source', opacity: 0.28, curveness: 0.5 },
        label: {
          color: c.text,
          fontSize: 12,
          width: room - node_px,
          overflow: 'truncate',
          rich: { count: { color: c.soft, fontSize: 12 } },
          formatter: ({ name }: { name: string }) => {
            const node = by_id.get(name);
            if (!node) return '';
            const name_px = room - node_px - 8;
            if (room < counted_from_px) return fitted(node.name, name_px);
            const count = short_number(node.count, language);
            return `${fitted(node.name, name_px - text_px(` ${count}`))} {count|${count}}`;
          },
        },
        data: nodes.map((node) => ({
          name: node.id,
          depth: Math.min(node.depth, deepest),
          value: node.count,
          itemStyle: { color: node.quiet ? c.line : colour(node), borderWidth: 0 },
          label: node.quiet ? { color: c.soft } : undefined,
        })),
        links: flows.map((flow) => ({
          source: flow.source,
          target: flow.target,
          value: flow.count,
          ...(by_id.get(flow.source)?.quiet || by_id.get(flow.target)?.quiet
            ? { lineStyle: { color: c.soft, opacity: 0.14 } }
            : {}),
        })),
      },
    ],
  };
}

export default function Flow(props: FlowChartProps) {
  const { nodes, flows, in_order, fit, label, height, on_pick } = props;
  const t = useT();
  const { language } = useLanguage();
  const make = useCallback(
    (c: Colours, chosen: Language, width: number) =>
      option_of({ nodes, flows, in_order }, c, chosen, width),
    [nodes, flows, in_order],
  );
  const on_ready = useCallback(
    (chart: EChartsType) => {
      if (!on_pick) return undefined;
      const pick = (event: { dataType: string; data: Record<string, string> }) =>
        on_pick(
          event.dataType === 'node'
            ? { node: event.data.name! }
            : { source: event.data.source!, target: event.data.target! },
        );
      chart.on('click', pick as never);
      return () => {
        if (!chart.isDisposed()) chart.off('click', pick as never);
      };
    },
    [on_pick],
  );
  const name_of = (id: string) => nodes.find((node) => node.id === id)?.name ?? '';
  const drawing = (
    <Drawing
      label={label}
      height={height ?? 360}
      make={make}
      on_ready={on_ready}
      pickable={Boolean(on_pick)}
    />
  );
  return (
    <>
      <div
        className="scroll-x"
        style={fit ? { height: '100%' } : undefined}
        tabIndex={0}
        role="group"
        aria-label={t('question.chart.paths')}
      >
        <div style={{ minWidth: columns_of(nodes) * (fit ? fitted_px : column_px), height: '100%' }}>
          {drawing}
        </div>
      </div>
      <div className="visually-hidden">
        <table>
          <caption>{label}</caption>
          <tbody>
            {flows.map((flow) => (
              <tr key={`${flow.source}>${flow.target}`}>
                <th scope="row">
                  {name_of(flow.source)} → {name_of(flow.target)}
                </th>
                <td>{exact_number(flow.count, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
