import { Button } from 'antd';
import { useNavigate } from 'react-router';
import { useT } from '@/i18n';
import { Page } from '@/ui/page';
import { Empty } from '@/ui/states';

export default function MissingPage() {
  const t = useT();
  const navigate = useNavigate();
  return (
    <Page title={t('ui.not_found')}>
      <Empty
        mark="?"
        title={t('ui.not_found')}
        text={t('ui.not_found_text')}
        action={<Button onClick={() => void navigate('/')}>{t('ui.to_today')}</Button>}
      />
    </Page>
  );
}
