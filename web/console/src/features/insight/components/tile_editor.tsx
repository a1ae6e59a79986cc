// The question of a tile in words: what is measured, of which event, split by what, over which time.

import { Drawer, Input, Select, Button } from 'antd';
import { useState } from 'react';
import type { MetricQuestion, Tile, TileChart, Vocabulary } from '@/api/types';
import { named, useLanguage, useT } from '@/i18n';
import { Field, Panel } from '@/ui/page';
import { TileView } from './tile_view';
import './board.css';

type Props = {
  tile: Tile;
  vocabulary: Vocabulary;
  keep: (tile: Tile) => void;
  close: () => void;
};

const plain_measures = ['count', 'unique', 'per_person'] as const;
const property_measures = ['sum', 'avg', 'min', 'max'] as const;
const periods = ['today', '7d', '30d', '90d', 'this_month', 'this_quarter'] as const;
const charts: TileChart[] = ['number', 'line', 'bar', 'table'];

export function TileEditor({ tile: first, vocabulary, keep, close }: Props) {
  const t = useT();
  const [tile, set_tile] = useState(first);
  const { metric } = tile.question;
  const ask = (part: Partial<MetricQuestion>) =>
    set_tile({ ...tile, question: { kind: 'metric', metric: { ...metric, ...part } } });
  const set_chart = (chart: TileChart) => {
    const per = chart === 'line' ? (metric.per === 'total' ? 'day' : metric.per) : 'total';
    set_tile({ ...tile, chart, question: { kind: 'metric', metric: { ...metric, per } } });
  };
  return (
    <Drawer
      open
      onClose={close}
      title={t('board.tile')}
      size={460}
      footer={
        <div className="row end">
          <Button onClick={close}>{t('ui.cancel')}</Button>
          <Button type="primary" disabled={!metric.event} onClick={() => keep(tile)}>
            {t('ui.done')}
          </Button>
        </div>
      }
    >
      <div className="fields">
        <div className="fields two">
          <Field id="tile-title-zh" label={t('board.title_zh')}>
            <Input
              id="tile-title-zh"
              value={tile.title_zh}
              onChange={(event) => set_tile({ ...tile, title_zh: event.target.value })}
            />
          </Field>
          <Field id="tile-title" label={t('board.title_en')}>
            <Input
              id="tile-title"
              value={tile.title}
              onChange={(event) => set_tile({ ...tile, title: event.target.value })}
            />
          </Field>
        </div>
        <Question metric={metric} ask={ask} vocabulary={vocabulary} />
        <Field id="tile-chart" label={t('board.chart')}>
          <Select
            id="tile-chart"
            value={tile.chart}
            options={charts.map((one) => ({ value: one, label: t(`board.chart.${one}`) }))}
            onChange={set_chart}
          />
        </Field>
        {tile.chart === 'line' && (
          <Field id="tile-per" label={t('board.per')}>
            <Select
              id="tile-per"
              value={metric.per}
              options={(['day', 'week', 'month'] as const).map((one) => ({
                value: one,
                label: t(`board.per.${one}`),
              }))}
              onChange={(per) => ask({ per })}
            />
          </Field>
        )}
        <Panel title={t('board.preview')}>
          <div
            style={{ height: tile.chart === 'number' ? 48 : 220, overflow: 'auto' }}
            className="tile"
          >
            <TileView tile={tile} pick={() => undefined} />
          </div>
        </Panel>
      </div>
    </Drawer>
  );
}

function Question(props: {
  metric: MetricQuestion;
  ask: (part: Partial<MetricQuestion>) => void;
  vocabulary: Vocabulary;
}) {
  const t = useT();
  const { language } = useLanguage();
  const { metric, ask, vocabulary } = props;
  const event = vocabulary.events.find((one) => one.name === metric.event);
  const properties = event?.properties ?? [];
  const measures = [
    ...plain_measures.map((one) => ({ value: one as string, label: t(`board.measure.${one}`) })),
    ...properties
      .filter((one) => one.type === 'number')
      .flatMap((one) =>
        property_measures.map((measure) => ({
          value: `${measure}:${one.name}`,
          label: t(`board.measure.${measure}`, { property: named(language, one) }),
        })),
      ),
  ];
  const splits = [
    ...properties
      .filter((one) => one.type === 'string')
      .map((one) => ({ value: one.name, label: named(language, one) })),
    ...vocabulary.tags
      .filter((one) => one.type === 'string')
      .map((one) => ({
        value: `tag:${one.name}`,
        label: `${t('builder.kind.tag')} · ${named(language, one)}`,
      })),
  ];
  return (
    <>
      <Field id="tile-event" label={t('board.event')}>
        <Select
          id="tile-event"
          showSearch={{ optionFilterProp: 'label' }}
          value={metric.event || undefined}
          options={[
            { value: '$any', label: t('board.any_event') },
            ...vocabulary.events.map((one) => ({ value: one.name, label: named(language, one) })),
          ]}
          onChange={(name: string) =>
            ask({
              event: name,
              measure: plain_measures.some((one) => one === metric.measure)
                ? metric.measure
                : 'count',
              by: undefined,
            })
          }
        />
      </Field>
      <div className="fields two">
        <Field id="tile-measure" label={t('board.measure')}>
          <Select
            id="tile-measure"
            value={metric.measure}
            options={measures}
            onChange={(measure: string) => ask({ measure })}
          />
        </Field>
        <Field id="tile-within" label={t('board.period')}>
          <Select
            id="tile-within"
            value={metric.within}
            options={periods.map((one) => ({
              value: one as string,
              label: t(`board.period.${one}`),
            }))}
            onChange={(within: string) => ask({ within })}
          />
        </Field>
      </div>
      <Field id="tile-by" label={t('board.by')}>
        <Select
          id="tile-by"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('board.no_split')}
          value={metric.by?.[0]}
          options={splits}
          onChange={(by?: string) => ask({ by: by ? [by] : undefined })}
        />
      </Field>
    </>
  );
}
