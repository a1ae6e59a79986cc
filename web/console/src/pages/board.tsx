import { ExpandOutlined, PlusOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { fresh_key } from '@/api/client';
import type { Board, Tile, Vocabulary } from '@/api/types';
import {
  useBoard,
  useRemoveBoard,
  useSaveBoard,
  type BoardDraft,
} from '@/features/insight/api/boards';
import { people_question } from '@/features/insight/api/people';
import { useExamples } from '@/features/insight/api/ready_made';
import { BoardGrid } from '@/features/insight/components/board_grid';
import { BoardMails } from '@/features/insight/components/board_mails';
import { BoardSettings } from '@/features/insight/components/board_settings';
import { enter_full_screen } from '@/features/insight/components/full_screen';
import { arranged, height_of } from '@/features/insight/components/grid';
import { ready_made_tiles } from '@/features/insight/components/ready_made';
import { OnWall } from '@/features/insight/components/on_wall';
import { TileEditor } from '@/features/insight/components/tile_editor';
import { title_of } from '@/features/insight/components/tile_view';
import type { OpenedPeople } from '@/features/insight/people/kept';
import { PeopleDrawer } from '@/features/insight/people/people_drawer';
import { draft_of_tile } from '@/features/insight/question/tile';
import { useWords } from '@/features/insight/question/use_words';
import { own_text, useLanguage, useT } from '@/i18n';
import { useVocabulary } from '@/rule/vocabulary';
import { useMay, useSession } from '@/session/session';
import { Act } from '@/ui/act';
import { drop_draft, kept_draft, useDraft } from '@/ui/draft';
import { MoreMenu } from '@/ui/more_menu';
import { Page, Panel } from '@/ui/page';
import { Empty, Loaded, useProblemText } from '@/ui/states';

export default function BoardPage() {
  const { id = '' } = useParams();
  const board = useBoard(id);
  const vocabulary = useVocabulary();
  return (
    <Loaded of={board}>
      {(one) => (
        <Loaded of={vocabulary}>
          {(words) => <Shown key={one.id} board={one} vocabulary={words} />}
        </Loaded>
      )}
    </Loaded>
  );
}

// What only the owner decides is sent by the owner alone.
const draft_of = ({ name, tiles, shared_with, edited_by }: Board, owns: boolean): BoardDraft =>
  owns ? { name, tiles, shared_with, edited_by } : { name, tiles };

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

// The server decides; this only hides what it would refuse.
function useRights(board: Board): { owns: boolean; edits: boolean } {
  const { person } = useSession();
  const may = useMay();
  const owns = board.created_by === person.id || may('manage_people');
  const shares = (board.edited_by ?? []).some((role) => role === person.role);
  return { owns, edits: may('edit_boards') && (owns || shares) };
}

function Shown({ board, vocabulary }: { board: Board; vocabulary: Vocabulary }) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const [params, set_params] = useSearchParams();
  const { owns, edits } = useRights(board);
  const editing = params.get('edit') === '1' && edits;
  const draft_name = `board.${board.id}`;
  const saved = draft_of(board, owns);
  const [draft, set_draft] = useState<BoardDraft>(
    () => (editing && kept_draft<BoardDraft>(draft_name)?.value) || saved,
  );
  const kept = useDraft(draft_name, draft, saved);
  const [tile, set_tile] = useState<Tile | null>(null);
  const [people, set_people] = useState<(OpenedPeople & { about: string }) | null>(null);
  const words = useWords(vocabulary);
  const examples = useExamples(vocabulary);
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
  const fill = () => {
    set_draft({ ...draft, tiles: ready_made_tiles(vocabulary) });
    set_params({ edit: '1' });
  };
  const title = own_text(shown.name, language);
  const grid = (
    <BoardGrid
      tiles={shown.tiles}
      editing={editing}
      change={(tiles) => set_draft({ ...draft, tiles })}
      edit={set_tile}
      vocabulary={vocabulary}
      words={words}
      open_people={(one, selector, shown_title, rule, name) => {
        const { kind, ask } = draft_of_tile(one);
        const of = people_question(kind, ask, selector);
        set_people({ of, title: shown_title, rule, name, about: title_of(one, words) });
      }}
    />
  );
  const drawers = (
    <>
      {tile && examples.data && (
        <TileEditor
          tile={tile}
          vocabulary={vocabulary}
          words={words}
          examples={examples.data}
          keep={keep_tile}
          close={() => set_tile(null)}
        />
      )}
      {people && (
        <PeopleDrawer opened={people} about={people.about} close={() => set_people(null)} />
      )}
    </>
  );
  if (params.get('full') === '1')
    return (
      <OnWall board={board} title={title}>
        {grid}
        {drawers}
      </OnWall>
    );
  return (
    <Page
      title={title}
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
            <MoreOfBoard board={board} owns={owns} />
            <Button
              icon={<ExpandOutlined />}
              onClick={() => {
                enter_full_screen();
                set_params({ full: '1' });
              }}
            >
              {t('board.full')}
            </Button>
            <Act
              may="edit_boards"
              type="primary"
              blocked={!edits && t('board.not_yours')}
              onClick={start}
            >
              {t('board.arrange')}
            </Act>
          </>
        )
      }
    >
      {editing && <BoardSettings draft={draft} owns={owns} change={set_draft} />}
      {shown.tiles.length === 0 ? (
        <Panel>
          <Empty
            title={t('board.no_tiles')}
            text={t('board.no_tiles_text')}
            action={
              <Act may="edit_boards" blocked={!edits && t('board.not_yours')} onClick={fill}>
                {t('board.from_ready')}
              </Act>
            }
          />
        </Panel>
      ) : (
        grid
      )}
      {drawers}
    </Page>
  );
}

function MoreOfBoard({ board, owns }: { board: Board; owns: boolean }) {
  const t = useT();
  const navigate = useNavigate();
  const { modal, message } = App.useApp();
  const problem_text = useProblemText();
  const remove = useRemoveBoard();
  const [mailing, set_mailing] = useState(false);
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
    <>
      <MoreMenu
        items={[
          { label: t('board.mails_open'), may: 'edit_boards', act: () => set_mailing(true) },
          {
            label: t('board.delete'),
            may: 'edit_boards',
            blocked: !owns && t('board.not_yours'),
            act: ask,
            danger: true,
          },
        ]}
      />
      {mailing && <BoardMails board={board} close={() => set_mailing(false)} />}
    </>
  );
}
