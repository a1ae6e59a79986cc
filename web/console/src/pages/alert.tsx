import { useParams } from 'react-router';
import { AlertView } from '@/features/insight/alerts/alert_view';
import { useAlert } from '@/features/insight/api/alerts';
import { useVocabulary } from '@/rule/vocabulary';
import { Loaded } from '@/ui/states';

export default function AlertPage() {
  const { id = '' } = useParams();
  const alert = useAlert(id);
  const vocabulary = useVocabulary();
  return (
    <Loaded of={alert} rows={6}>
      {(found) => (
        <Loaded of={vocabulary} rows={6}>
          {(words) => <AlertView alert={found} vocabulary={words} />}
        </Loaded>
      )}
    </Loaded>
  );
}
