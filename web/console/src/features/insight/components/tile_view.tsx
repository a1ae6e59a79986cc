// One tile: its question of whatever kind asked, and its answer drawn small.

import { ReloadOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import type { AnyKind, MetricAnswered } from '@/api/question_types';
import type { Tile } from '@/api/types';
import { useT } from '@/i18n';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { clock_time } from '@/ui/times';
import { AnswerUnderWay } from '@/ui/under_way';
import { AnswerBody, base_of } from '../answers/answer';
import { Tools, type AnswerTools } from '../answers/tools';
import { useAnswer } from '../api/ask';
import { is_whole } from '../question/draft';
import type { Words } from '../question/sentence';
import { draft_of_tile, page_ask_of, refresh_ms } from '../question/tile';
import { MetricTile } from './metric_tile';
import { PageTile } from './page_tile';
import '../answers/answers.css';

type Props = { tile: Tile; words: Words; open_people: AnswerTools['open_people'] };

function useTileAnswer(tile: Tile) {
  const page = page_ask_of(tile);
  const draft = draft_of_tile(tile);
  const whole = page !== null || is_whole(draft);
  const { kind, ask } = page ?? draft;
  return { page, draft, whole, ...useAnswer<AnyKind>(kind, ask, whole, refresh_ms(tile)) };
}

export const title_of = (tile: Tile, words: Words): string =>
  (words.language === 'zh' ? tile.title_zh || tile.title : tile.title || tile.title_zh) || '–';

export function TileView({ tile, words, open_people }: Props) {
  const t = useT();
  const { page, draft, whole, error, data } = useTileAnswer(tile);
  if (page) return <PageTile page={page} title={title_of(tile, words)} every_ms={refresh_ms(tile)} />;
  if (!whole) return <Empty title={t('question.unfinished')} />;
  if (error && !data) return <Failure error={error} inline />;
  if (!data)
    return (
      <>
        <AnswerUnderWay kind={draft.kind} question={draft.ask} />
        <Skeleton height={tile.chart === 'number' ? 36 : '80%'} />
      </>
    );
  if (base_of(draft, data) === 0 && tile.chart !== 'number')
    return <Empty title={t('board.no_data')} />;
  const tools: AnswerTools = {
    words,
    small: true,
    open_people,
    save_audience: null,
    saving: false,
    keep_people: null,
  };
  return (
    <Tools value={tools}>
      {draft.kind === 'metric' && tile.chart !== 'auto' ? (
        <MetricTile
          draft={draft}
          chart={tile.chart}
          title={title_of(tile, words)}
          answer={data as MetricAnswered}
        />
      ) : (
        <AnswerBody draft={draft} answer={data} />
      )}
    </Tools>
  );
}

// Asks again now; says when the answer is from.
export function RefreshTile({ tile, words }: { tile: Tile; words: Words }) {
  const t = useT();
  const { dataUpdatedAt, isFetching, refetch } = useTileAnswer(tile);
  const label = t('board.refresh_now', { title: title_of(tile, words) });
  const when = dataUpdatedAt
    ? t('board.as_of', { when: clock_time(new Date(dataUpdatedAt).toISOString(), words.language) })
    : label;
  return (
    <Tooltip title={when}>
      <Button
        type="text"
        size="small"
        className="refresh"
        icon={<ReloadOutlined spin={isFetching} />}
        aria-label={label}
        onClick={() => void refetch()}
      />
    </Tooltip>
  );
}
