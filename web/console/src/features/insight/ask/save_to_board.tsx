// Puts the question on a board as a tile: on one of one's own, or on a new one.

import { App, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { fresh_key } from '@/api/client';
import type { Board, Tile, TileChart } from '@/api/types';
import { useT } from '@/i18n';
import { Field } from '@/ui/page';
import { useProblemText } from '@/ui/states';
import { useBoards, useSaveBoard } from '../api/boards';
import { arranged, height_of } from '../components/grid';

const fresh_board = '$new';

type Props = { question: Tile['question']; chart: TileChart; title: string; close: () => void };

export function SaveToBoard(props: Props) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const boards = useBoards();
  const save = useSaveBoard();
  const [title, set_title] = useState(props.title.slice(0, most_letters));
  const [chosen, choose] = useState<string | null>(null);
  const board = chosen ?? boards.data?.items[0]?.id ?? fresh_board;
  const keep = () => {
    const old = boards.data?.items.find((one) => one.id === board);
    const tiles = arranged([...(old?.tiles ?? []), tile_of(props, title, old)]);
    save.mutate(
      {
        draft: {
          name: old?.name ?? t('question.board_name'),
          tiles,
          ...(old ? {} : { shared_with: [], edited_by: [] }),
        },
        id: old?.id,
        version: old?.version,
      },
      {
        onSuccess: (saved) => {
          void message.success(
            <>
              {t('question.board_saved', { name: saved.name })}{' '}
              <Link to={`/boards/${saved.id}`}>{t('question.see_board')}</Link>
            </>,
            6,
          );
          props.close();
        },
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  };
  return (
    <Modal
      open
      title={t('question.save_board')}
      onCancel={props.close}
      onOk={keep}
      okText={t('ui.save')}
      cancelText={t('ui.cancel')}
      okButtonProps={{ disabled: !title.trim() || !boards.data, loading: save.isPending }}
      width={460}
    >
      <div className="fields">
        <Field id="question-title" label={t('question.tile_title')}>
          <Input
            id="question-title"
            value={title}
            maxLength={most_letters}
            onChange={(event) => set_title(event.target.value)}
          />
        </Field>
        <Field id="question-board" label={t('question.board')} hint={t('question.board_mine')}>
          <Select
            id="question-board"
            value={board}
            loading={!boards.data}
            options={[
              ...(boards.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })),
              {
                value: fresh_board,
                label: t('question.new_board', { name: t('question.board_name') }),
              },
            ]}
            onChange={choose}
          />
        </Field>
      </div>
    </Modal>
  );
}

const most_letters = 80;

function tile_of({ question, chart }: Props, title: string, board: Board | undefined): Tile {
  return {
    id: fresh_key().slice(0, 12),
    title,
    title_zh: title,
    question,
    chart,
    x: 0,
    y: height_of(board?.tiles ?? []),
    w: 6,
    h: 5,
  };
}
