// What a tile asks, how it is shown, and how often it is asked again; with the answer as it will look.

import { Button, Drawer, Input, Select } from 'antd';
import { useState } from 'react';
import type { QuestionKind } from '@/api/question_types';
import type { Tile, TileChart, Vocabulary } from '@/api/types';
import { useT } from '@/i18n';
import { Field, Panel } from '@/ui/page';
import { SentenceBar } from '../ask/sentence_bar';
import { is_whole, question_kinds, type Draft } from '../question/draft';
import { first_draft, type Example } from '../question/examples';
import type { Words } from '../question/sentence';
import {
  draft_of_tile,
  page_ask_of,
  question_of,
  refreshes,
  tile_chart,
  usual_refresh,
  type TileRefresh,
} from '../question/tile';
import { PageFields } from './page_fields';
import { TileView } from './tile_view';
import './board.css';

type Props = {
  tile: Tile;
  vocabulary: Vocabulary;
  words: Words;
  examples: Example[];
  keep: (tile: Tile) => void;
  close: () => void;
};

const charts: TileChart[] = ['number', 'line', 'bar', 'table', 'auto'];

export function TileEditor(props: Props) {
  const { tile: first, vocabulary, words, examples, keep, close } = props;
  const t = useT();
  const [tile, set_tile] = useState(first);
  const draft = draft_of_tile(tile);
  const page = page_ask_of(tile);
  const whole = page !== null || is_whole(draft);
  const change = (part: Partial<Tile>) => set_tile({ ...tile, ...part });
  // A chart that the changed question cannot fill gives way to the usual one.
  const ask = (next: Draft) => {
    const drawn = tile_chart(next);
    const fits = next.kind === 'metric' && draft.kind === 'metric' && drawn === tile_chart(draft);
    change({ question: question_of(next), chart: fits ? tile.chart : drawn });
  };
  return (
    <Drawer
      open
      onClose={close}
      title={t('board.tile')}
      size={560}
      footer={
        <div className="row end">
          <Button onClick={close}>{t('ui.cancel')}</Button>
          <Button type="primary" disabled={!whole} onClick={() => keep(tile)}>
            {t('ui.done')}
          </Button>
        </div>
      }
    >
      <div className="fields">
        <Titles tile={tile} change={change} />
        {page ? (
          <PageFields
            page={page}
            vocabulary={vocabulary}
            ask={(next) => change({ question: question_of(next) })}
          />
        ) : (
          <>
            <Field id="tile-kind" label={t('board.kind')}>
              <Select
                id="tile-kind"
                value={draft.kind}
                options={question_kinds.map((kind) => ({
                  value: kind,
                  label: t(`question.kind.${kind}`),
                }))}
                onChange={(kind: QuestionKind) => ask(first_draft(kind, examples))}
              />
            </Field>
            <SentenceBar draft={draft} edit={ask} vocabulary={vocabulary} words={words} />
          </>
        )}
        <Look tile={tile} change={change} is_metric={draft.kind === 'metric'} />
        <Panel title={t('board.preview')}>
          <div
            style={{ height: tile.chart === 'number' ? 48 : 260, overflow: 'auto' }}
            className="tile"
            tabIndex={0}
            role="group"
            aria-label={t('board.preview')}
          >
            <TileView tile={tile} words={words} open_people={() => undefined} />
          </div>
        </Panel>
      </div>
    </Drawer>
  );
}

type PartProps = { tile: Tile; change: (part: Partial<Tile>) => void };

function Titles({ tile, change }: PartProps) {
  const t = useT();
  return (
    <div className="fields two">
      <Field id="tile-title-zh" label={t('board.title_zh')}>
        <Input
          id="tile-title-zh"
          value={tile.title_zh}
          onChange={(event) => change({ title_zh: event.target.value })}
        />
      </Field>
      <Field id="tile-title" label={t('board.title_en')}>
        <Input
          id="tile-title"
          value={tile.title}
          onChange={(event) => change({ title: event.target.value })}
        />
      </Field>
    </div>
  );
}

function Look({ tile, change, is_metric }: PartProps & { is_metric: boolean }) {
  const t = useT();
  return (
    <div className="fields two">
      {is_metric && (
        <Field id="tile-chart" label={t('board.chart')}>
          <Select
            id="tile-chart"
            value={tile.chart}
            options={charts.map((one) => ({ value: one, label: t(`board.chart.${one}`) }))}
            onChange={(chart: TileChart) => change({ chart })}
          />
        </Field>
      )}
      <Field id="tile-refresh" label={t('board.refresh')}>
        <Select
          id="tile-refresh"
          value={tile.refresh ?? usual_refresh}
          options={refreshes.map((one) => ({ value: one, label: t(`board.refresh.${one}`) }))}
          onChange={(refresh: TileRefresh) => change({ refresh })}
        />
      </Field>
    </div>
  );
}
