// The board: tiles that are dragged and resized by pointer or by arrows (Shift with arrows resizes).

import { HolderOutlined } from '@ant-design/icons';
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { Link } from 'react-router';
import type { Tile, Vocabulary } from '@/api/types';
import { useT } from '@/i18n';
import { MoreMenu } from '@/ui/more_menu';
import type { AnswerTools } from '../answers/tools';
import type { Words } from '../question/sentence';
import { address_of_tile } from '../question/tile';
import { arranged, columns, row_height } from './grid';
import { RefreshTile, TileView, title_of } from './tile_view';
import './board.css';

type Props = {
  tiles: Tile[];
  editing: boolean;
  change: (tiles: Tile[]) => void;
  edit: (tile: Tile) => void;
  vocabulary: Vocabulary;
  words: Words;
  open_people: (tile: Tile, ...opened: Parameters<AnswerTools['open_people']>) => void;
};

const gap = 12;

type Drag = { tile: Tile; mode: 'move' | 'size'; x: number; y: number; from: Tile[] };

export function BoardGrid(props: Props) {
  const { tiles, editing, change, words } = props;
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const [moving, set_moving] = useState<string | null>(null);
  const start = (tile: Tile, mode: Drag['mode']) => (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { tile, mode, x: event.clientX, y: event.clientY, from: tiles };
    set_moving(tile.id);
  };
  const follow = (event: PointerEvent) => {
    const now = drag.current;
    if (!now || !box.current) return;
    const cell = (box.current.clientWidth + gap) / columns;
    const dx = Math.round((event.clientX - now.x) / cell);
    const dy = Math.round((event.clientY - now.y) / (row_height + gap));
    change(arranged(now.from, shifted(now.tile, now.mode, dx, dy)));
  };
  const finish = () => {
    drag.current = null;
    set_moving(null);
  };
  const by_key = (tile: Tile) => (event: KeyboardEvent) => {
    const steps: Record<string, [number, number]> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    change(arranged(tiles, shifted(tile, event.shiftKey ? 'size' : 'move', ...step)));
  };
  const handles = (tile: Tile, mode: Drag['mode']) => ({
    onPointerDown: start(tile, mode),
    onPointerMove: follow,
    onPointerUp: finish,
    onPointerCancel: finish,
    onKeyDown: by_key(tile),
  });
  return (
    <div ref={box} className={`board ${editing ? 'editing' : ''}`}>
      {tiles.map((tile) => {
        const title = title_of(tile, words);
        return (
          <section
            key={tile.id}
            className={`tile ${moving === tile.id ? 'moving' : ''} ${tile.h > 2 ? 'tall' : ''}`}
            style={{
              gridColumn: `${tile.x + 1} / span ${tile.w}`,
              gridRow: `${tile.y + 1} / span ${tile.h}`,
            }}
            aria-label={title}
          >
            <header>
              {editing && (
                <button
                  type="button"
                  className="grip"
                  aria-label={t('board.move', { title })}
                  title={t('board.move_hint')}
                  {...handles(tile, 'move')}
                >
                  <HolderOutlined aria-hidden />
                </button>
              )}
              <h2 className="clip">
                {editing ? (
                  title
                ) : (
                  <Link
                    to={address_of_tile(tile, props.vocabulary)}
                    title={t('board.open_question', { title })}
                  >
                    {title}
                  </Link>
                )}
              </h2>
              {!editing && <RefreshTile tile={tile} words={words} />}
              {editing && (
                <MoreMenu
                  small
                  items={[
                    { label: t('ui.edit'), act: () => props.edit(tile) },
                    {
                      label: t('ui.remove'),
                      danger: true,
                      act: () => change(arranged(tiles.filter((one) => one.id !== tile.id))),
                    },
                  ]}
                />
              )}
            </header>
            <div
              className="inside"
              {...(tile.chart === 'number' || tile.chart === 'line' ? {} : scrolling(title))}
            >
              <TileView
                tile={tile}
                words={words}
                open_people={(...opened) => props.open_people(tile, ...opened)}
              />
            </div>
            {editing && (
              <button
                type="button"
                className="corner"
                aria-label={t('board.resize', { title })}
                tabIndex={-1}
                {...handles(tile, 'size')}
              />
            )}
          </section>
        );
      })}
    </div>
  );
}

// What may scroll must be reachable by the keyboard.
const scrolling = (title: string) => ({ tabIndex: 0, role: 'group', 'aria-label': title });

function shifted(tile: Tile, mode: Drag['mode'], dx: number, dy: number): Tile {
  if (mode === 'size')
    return { ...tile, w: Math.min(tile.w + dx, columns - tile.x), h: tile.h + dy };
  return { ...tile, x: tile.x + dx, y: tile.y + dy };
}
