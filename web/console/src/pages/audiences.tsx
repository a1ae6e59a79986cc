import { PlusOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAudiences } from '@/features/audience/api/list';
import { AudienceTable } from '@/features/audience/components/audience_table';
import { useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Page, Panel } from '@/ui/page';
import { Empty } from '@/ui/states';

export default function AudiencesPage() {
  const t = useT();
  const navigate = useNavigate();
  const audiences = useAudiences();
  const [text, set_text] = useState('');
  const rows = useMemo(
    () =>
      audiences.data?.items.filter((one) => one.name.toLowerCase().includes(text.toLowerCase())),
    [audiences.data, text],
  );
  const make = (
    <Act
      may="edit_audiences"
      type="primary"
      icon={<PlusOutlined />}
      onClick={() => void navigate('/audiences/new')}
    >
      {t('audience.new')}
    </Act>
  );
  return (
    <Page title={t('audience.title')} lead={t('audience.lead')} actions={make}>
      <div className="bar">
        <Input.Search
          className="search"
          allowClear
          placeholder={t('audience.filter')}
          aria-label={t('audience.filter')}
          onChange={(event) => set_text(event.target.value)}
        />
      </div>
      <Panel flush>
        <AudienceTable
          rows={rows}
          error={audiences.error}
          retry={() => void audiences.refetch()}
          empty={
            text ? (
              <Empty title={t('ui.nothing_found')} text={t('ui.change_filter')} />
            ) : (
              <Empty title={t('audience.empty')} text={t('audience.empty_text')} action={make} />
            )
          }
        />
      </Panel>
    </Page>
  );
}
