import { PlusOutlined } from '@ant-design/icons';
import { App, Input, Modal } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Board } from '@/api/types';
import { useBoards, useSaveBoard } from '@/features/insight/api/boards';
import { ready_made_tiles } from '@/features/insight/components/ready_made';
import { useLabel, useOwnText, useT } from '@/i18n';
import { useVocabulary } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { Field, Page, Panel } from '@/ui/page';
import { When } from '@/ui/show';
import { Empty, useProblemText } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';

const every_role = 6;

export default function BoardsPage() {
  const t = useT();
  const label = useLabel();
  const own = useOwnText();
  const boards = useBoards();
  const [naming, set_naming] = useState<'empty' | 'ready' | null>(null);
  const columns: Column<Board>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      lead: true,
      cell: (row) => (
        <Link className="title-cell" to={`/boards/${row.id}`}>
          {own(row.name)}
        </Link>
      ),
    },
    { key: 'tiles', title: t('board.tiles'), end: true, cell: (row) => row.tiles.length },
    {
      key: 'shared',
      title: t('board.shared_with'),
      cell: (row) =>
        row.shared_with.length >= every_role
          ? t('board.every_role')
          : row.shared_with.map((role) => label('role', role)).join(' · ') || t('board.only_me'),
    },
    { key: 'by', title: t('ui.by'), cell: (row) => label('person', row.created_by ?? '–') },
    { key: 'at', title: t('ui.updated'), end: true, cell: (row) => <When at={row.updated_at} /> },
  ];
  const make = (
    <>
      <Act may="edit_boards" onClick={() => set_naming('ready')}>
        {t('board.from_ready')}
      </Act>
      <Act
        may="edit_boards"
        type="primary"
        icon={<PlusOutlined />}
        onClick={() => set_naming('empty')}
      >
        {t('board.new')}
      </Act>
    </>
  );
  return (
    <Page title={t('board.list')} lead={t('board.lead')} actions={make}>
      <Panel flush>
        <DataTable
          columns={columns}
          rows={boards.data?.items}
          error={boards.error}
          retry={() => void boards.refetch()}
          label={t('board.list')}
          row_key={(row) => row.id}
          to={(row) => `/boards/${row.id}`}
          empty={<Empty title={t('board.empty')} text={t('board.empty_text')} action={make} />}
        />
      </Panel>
      {naming && <NewBoard ready={naming === 'ready'} close={() => set_naming(null)} />}
    </Page>
  );
}

function NewBoard(props: { ready: boolean; close: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const vocabulary = useVocabulary().data;
  const save = useSaveBoard();
  const [name, set_name] = useState(props.ready ? t('board.ready_name') : '');
  const make = () =>
    save.mutate(
      { draft: { name, tiles: props.ready ? ready_made_tiles(vocabulary) : [], shared_with: [] } },
      {
        onSuccess: (board) => void navigate(`/boards/${board.id}?edit=1`),
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  return (
    <Modal
      open
      title={t('board.new')}
      onCancel={props.close}
      onOk={make}
      okText={t('ui.create')}
      cancelText={t('ui.cancel')}
      okButtonProps={{ disabled: !name.trim(), loading: save.isPending }}
      width={420}
    >
      <Field id="board-name" label={t('ui.name')}>
        <Input
          id="board-name"
          autoFocus
          maxLength={80}
          value={name}
          onChange={(event) => set_name(event.target.value)}
          onPressEnter={make}
        />
      </Field>
    </Modal>
  );
}
