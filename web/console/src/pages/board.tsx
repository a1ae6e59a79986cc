import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { fresh_key } from '@/api/client';
import type { Board, Tile } from '@/api/types';
import { useRoles } from '@/features/access/api/roles';
import {
  useBoard,
  useRemoveBoard,
  useSaveBoard,
  type BoardDraft,
} from '@/features/insight/api/boards';
import type { PointOfMetric } from '@/features/insight/api/metric';
import { BoardGrid } from '@/features/insight/components/board_grid';
import { arranged, height_of } from '@/features/insight/components/grid';
import { MetricPeople } from '@/features/insight/components/people_drawer';
import { ready_made_tiles } from '@/features/insight/components/ready_made';
import { TileEditor } from '@/features/insight/components/tile_editor';
import { own_text, useLabel, useLanguage, useT } from '@/i18n';
import { useNames, useVocabulary } from '@/rule/vocabulary';
import { useMay } from '@/session/session';
import { Act } from '@/ui/act';
import { drop_draft, kept_draft, useDraft } from '@/ui/draft';
import { MoreMenu } from '@/ui/more_menu';
import { Field, Page, Panel } from '@/ui/page';
import { Empty, Loaded, useProblemText } from '@/ui/states';

export default function BoardPage() {
  const { id = '' } = useParams();
  const board = useBoard(id);
  return <Loaded of={board}>{(one) => <Shown key={one.id} board={one} />}</Loaded>;
}

const draft_of = ({ name, tiles, shared_with }: Board): BoardDraft => ({
  name,
  tiles,
  shared_with,
});
const blank_tile = (tiles: Tile[]): Tile => ({
  id: fresh_key().slice(0, 12),
  title: '',
  title_zh: '',
  question: {
    kind: 'metric',
    metric: { event: '$any', measure: 'unique', per: 'day', within: '30d' },
  },
  chart: 'line',
  x: 0,
  y: height_of(tiles),
  w: 6,
  h: 4,
});

function Shown({ board }: { board: Board }) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const [params, set_params] = useSearchParams();
  const may = useMay()('edit_boards');
  const editing = params.get('edit') === '1' && may;
  const draft_name = `board.${board.id}`;
  const saved = draft_of(board);
  const [draft, set_draft] = useState<BoardDraft>(
    () => (editing && kept_draft<BoardDraft>(draft_name)?.value) || saved,
  );
  const kept = useDraft(draft_name, draft, saved);
  const [tile, set_tile] = useState<Tile | null>(null);
  const [people, set_people] = useState<{ of: PointOfMetric; title: string } | null>(null);
  const vocabulary = useVocabulary();
  const names = useNames();
  const { language } = useLanguage();
  const save = useSaveBoard();
  const shown = editing ? draft : saved;
  const finish = () =>
    save.mutate(
      { draft, id: board.id, version: board.version },
      {
        onSuccess: () => {
          drop_draft(draft_name);
          set_params({});
          void message.success(t('ui.saved'));
        },
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  const cancel = () => {
    drop_draft(draft_name);
    set_draft(saved);
    set_params({});
  };
  const keep_tile = (one: Tile) => {
    const known = draft.tiles.some((other) => other.id === one.id);
    const tiles = known
      ? draft.tiles.map((other) => (other.id === one.id ? one : other))
      : [...draft.tiles, one];
    set_draft({ ...draft, tiles: arranged(tiles) });
    set_tile(null);
  };
  const start = () => {
    set_draft(saved);
    set_params({ edit: '1' });
  };
  return (
    <Page
      title={own_text(shown.name, language)}
      crumb={<Link to="/boards">{t('board.list')}</Link>}
      lead={editing && kept ? t('audience.draft_kept') : undefined}
      actions={
        editing ? (
          <>
            <Button icon={<PlusOutlined />} onClick={() => set_tile(blank_tile(draft.tiles))}>
              {t('board.add_tile')}
            </Button>
            <Button onClick={cancel}>{t('ui.cancel')}</Button>
            <Act may="edit_boards" type="primary" loading={save.isPending} onClick={finish}>
              {t('ui.save')}
            </Act>
          </>
        ) : (
          <>
            <MoreOfBoard board={board} />
            <Act may="edit_boards" type="primary" onClick={start}>
              {t('board.arrange')}
            </Act>
          </>
        )
      }
    >
      {editing && <Settings draft={draft} change={set_draft} />}
      {shown.tiles.length === 0 ? (
        <Panel>
          <Empty
            title={t('board.no_tiles')}
            text={t('board.no_tiles_text')}
            action={
              <Act
                may="edit_boards"
                onClick={() => {
                  set_draft({ ...draft, tiles: ready_made_tiles(vocabulary.data) });
                  set_params({ edit: '1' });
                }}
              >
                {t('board.from_ready')}
              </Act>
            }
          />
        </Panel>
      ) : (
        <BoardGrid
          tiles={shown.tiles}
          editing={editing}
          change={(tiles) => set_draft({ ...draft, tiles })}
          edit={set_tile}
          pick={(one, at, group) =>
            set_people({
              of: { metric: one.question.metric, at, group },
              title: (language === 'zh' ? one.title_zh : one.title) || one.title_zh || one.title,
            })
          }
        />
      )}
      {tile && vocabulary.data && (
        <TileEditor
          tile={tile}
          vocabulary={vocabulary.data}
          keep={keep_tile}
          close={() => set_tile(null)}
        />
      )}
      {people && (
        <MetricPeople
          of={people.of}
          title={people.title}
          tag_label={names.tag}
          close={() => set_people(null)}
        />
      )}
    </Page>
  );
}

function Settings(props: { draft: BoardDraft; change: (draft: BoardDraft) => void }) {
  const t = useT();
  const label = useLabel();
  const roles = useRoles();
  const { draft, change } = props;
  return (
    <div className="fields two" style={{ marginBottom: 16 }}>
      <Field id="board-name" label={t('ui.name')}>
        <Input
          id="board-name"
          value={draft.name}
          maxLength={80}
          onChange={(event) => change({ ...draft, name: event.target.value })}
        />
      </Field>
      <Field id="board-shared" label={t('board.shared_with')} hint={t('board.shared_hint')}>
        <Select
          id="board-shared"
          mode="multiple"
          placeholder={t('board.only_me')}
          value={draft.shared_with}
          options={roles.data?.items.map((one) => ({
            value: one.role,
            label: label('role', one.role),
          }))}
          onChange={(shared_with: Board['shared_with']) => change({ ...draft, shared_with })}
        />
      </Field>
    </div>
  );
}

function MoreOfBoard({ board }: { board: Board }) {
  const t = useT();
  const navigate = useNavigate();
  const { modal, message } = App.useApp();
  const problem_text = useProblemText();
  const remove = useRemoveBoard();
  const ask = () =>
    modal.confirm({
      title: t('board.delete'),
      content: t('board.delete_text'),
      okText: t('ui.delete'),
      cancelText: t('ui.cancel'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove.mutateAsync(board.id).then(
          () => void navigate('/boards'),
          (error) => void message.error(problem_text(error)),
        ),
    });
  return (
    <MoreMenu items={[{ label: t('board.delete'), may: 'edit_boards', act: ask, danger: true }]} />
  );
}
