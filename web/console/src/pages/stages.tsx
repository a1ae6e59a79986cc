// Stage models: life cycles, tiers and stars, with how many customers stand in each stage now.

import { PlusOutlined } from '@ant-design/icons';
import { useNavigate } from 'react-router';
import type { StageModel } from '@/api/types';
import { useStageModels } from '@/features/audience/api/stage_models';
import { useOwnText, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Page, Panel } from '@/ui/page';
import { Num, Pill, When } from '@/ui/show';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';
import { Link } from 'react-router';

export default function StagesPage() {
  const t = useT();
  const own = useOwnText();
  const navigate = useNavigate();
  const models = useStageModels();
  const columns: Column<StageModel>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      lead: true,
      cell: (row) => (
        <span className="row">
          <Link className="title-cell" to={`/stages/${row.id}`}>
            {own(row.name)}
          </Link>
          <Pill>{t(`stage.kind.${row.kind}`)}</Pill>
        </span>
      ),
    },
    {
      key: 'stages',
      title: t('stage.stages'),
      wide: true,
      cell: (row) => (
        <span className="soft">
          {row.stages.map((one, i) => (
            <span key={one.key}>
              {i > 0 && ' · '}
              {own(one.name)} <Num value={one.count} />
            </span>
          ))}
        </span>
      ),
    },
    { key: 'at', title: t('ui.updated'), end: true, cell: (row) => <When at={row.updated_at} /> },
  ];
  const make = (
    <Act
      may="edit_audiences"
      type="primary"
      icon={<PlusOutlined />}
      onClick={() => void navigate('/stages/new')}
    >
      {t('stage.new')}
    </Act>
  );
  return (
    <Page
      title={t('stage.title')}
      lead={t('stage.lead')}
      actions={(models.data?.items.length ?? 0) > 0 && make}
    >
      <Panel flush>
        <DataTable
          columns={columns}
          rows={models.data?.items}
          error={models.error}
          retry={() => void models.refetch()}
          label={t('stage.title')}
          row_key={(row) => row.id}
          to={(row) => `/stages/${row.id}`}
          empty={<Empty title={t('stage.empty')} text={t('stage.empty_text')} action={make} />}
        />
      </Panel>
    </Page>
  );
}
