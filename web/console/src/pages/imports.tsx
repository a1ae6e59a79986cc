import { PlusOutlined } from '@ant-design/icons';
import { App } from 'antd';
import { useNavigate } from 'react-router';
import { download } from '@/api/client';
import type { ImportRow } from '@/api/types';
import { useImports } from '@/features/collect/api/imports';
import { useT } from '@/i18n';
import { Act } from '@/ui/act';
import { JobProgress } from '@/ui/job_progress';
import { Page, Panel } from '@/ui/page';
import { Num, Pill, When, type Tone } from '@/ui/show';
import { Empty, Guard, useProblemText } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';

const tones: Record<ImportRow['status'], Tone> = {
  waiting: 'plain',
  running: 'info',
  done: 'good',
  failed: 'bad',
  cancelled: 'plain',
};

export default function ImportsPage() {
  const t = useT();
  const navigate = useNavigate();
  const make = (
    <Act
      may="import_data"
      type="primary"
      icon={<PlusOutlined />}
      onClick={() => void navigate('/imports/new')}
    >
      {t('imports.new')}
    </Act>
  );
  return (
    <Page title={t('imports.title')} lead={t('imports.lead')} actions={make}>
      <Guard permission="import_data">
        <List make={make} />
      </Guard>
    </Page>
  );
}

function List({ make }: { make: React.ReactNode }) {
  const t = useT();
  const imports = useImports();
  const columns: Column<ImportRow>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      lead: true,
      cell: (row) => <span className="title-cell">{row.name}</span>,
    },
    { key: 'kind', title: t('imports.kind'), cell: (row) => t(`imports.kind.${row.kind}`) },
    {
      key: 'status',
      title: t('ui.status'),
      width: 190,
      cell: (row) =>
        row.status === 'running' ? (
          <JobProgress id={row.job_id} />
        ) : (
          <Pill tone={tones[row.status]}>{t(`job.status.${row.status}`)}</Pill>
        ),
    },
    { key: 'rows', title: t('imports.rows'), end: true, cell: (row) => <Num value={row.rows} /> },
    {
      key: 'accepted',
      title: t('imports.accepted'),
      end: true,
      cell: (row) => <Num value={row.accepted} />,
    },
    {
      key: 'rejected',
      title: t('imports.rejected'),
      end: true,
      cell: (row) => <Rejected row={row} />,
    },
    { key: 'by', title: t('ui.by'), cell: (row) => row.by },
    { key: 'at', title: t('ui.created'), end: true, cell: (row) => <When at={row.at} /> },
  ];
  return (
    <Panel flush>
      <DataTable
        columns={columns}
        rows={imports.data?.items}
        error={imports.error}
        retry={() => void imports.refetch()}
        label={t('imports.title')}
        row_key={(row) => row.id}
        empty={<Empty title={t('imports.empty')} text={t('imports.empty_text')} action={make} />}
      />
    </Panel>
  );
}

function Rejected({ row }: { row: ImportRow }) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  if (row.rejected === 0) return <Num value={0} />;
  const save = () => {
    download(`/imports/${row.id}/errors`, `${row.name}-errors.csv`).catch(
      (error) => void message.error(problem_text(error)),
    );
  };
  return (
    <button type="button" className="link-button" onClick={save} title={t('imports.report')}>
      <Num value={row.rejected} /> ↓
    </button>
  );
}
