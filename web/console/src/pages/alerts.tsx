import { PlusOutlined } from '@ant-design/icons';
import { useNavigate } from 'react-router';
import { Link } from 'react-router';
import type { Alert } from '@/api/types';
import { AlertPill } from '@/features/insight/alerts/alert_pill';
import { rule_text } from '@/features/insight/alerts/rule_text';
import { useAlerts } from '@/features/insight/api/alerts';
import { useLabel, useLanguage, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Page, Panel } from '@/ui/page';
import { When } from '@/ui/show';
import { Empty } from '@/ui/states';
import { DataTable, type Column } from '@/ui/table';

export default function AlertsPage() {
  const t = useT();
  const label = useLabel();
  const { language } = useLanguage();
  const navigate = useNavigate();
  const alerts = useAlerts();
  const columns: Column<Alert>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      lead: true,
      cell: (row) => (
        <>
          <Link className="title-cell" to={`/insights/alerts/${row.id}`}>
            {row.name}
          </Link>
          <div className="soft small">{rule_text(row.rule, t, language)}</div>
        </>
      ),
    },
    { key: 'state', title: t('ui.status'), cell: (row) => <AlertPill alert={row} /> },
    { key: 'since', title: t('alert.since'), cell: (row) => <When at={row.since} /> },
    { key: 'owner', title: t('alert.owner'), cell: (row) => label('person', row.owner) },
    {
      key: 'checked',
      title: t('alert.checked'),
      end: true,
      cell: (row) => <When at={row.checked_at} />,
    },
  ];
  const make = (
    <Act
      may="edit_boards"
      type="primary"
      icon={<PlusOutlined />}
      onClick={() => void navigate('/insights/questions/metric')}
    >
      {t('alert.new')}
    </Act>
  );
  return (
    <Page title={t('alert.title')} lead={t('alert.lead')} actions={make}>
      <Panel flush>
        <DataTable
          columns={columns}
          rows={alerts.data?.items}
          error={alerts.error}
          retry={() => void alerts.refetch()}
          label={t('alert.title')}
          row_key={(row) => row.id}
          to={(row) => `/insights/alerts/${row.id}`}
          empty={<Empty title={t('alert.none')} text={t('alert.none_text')} action={make} />}
        />
      </Panel>
    </Page>
  );
}
