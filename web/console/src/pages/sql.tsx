import { useSqlSchema } from '@/features/insight/api/sql';
import { SqlPage } from '@/features/insight/sql/sql_page';
import { useVocabulary } from '@/rule/vocabulary';
import { Guard, Loaded } from '@/ui/states';

export default function SqlDeskPage() {
  return (
    <Guard permission="run_sql">
      <Desk />
    </Guard>
  );
}

function Desk() {
  const schema = useSqlSchema();
  const vocabulary = useVocabulary();
  return (
    <Loaded of={schema}>
      {(tables) => (
        <Loaded of={vocabulary}>
          {(words) => <SqlPage schema={tables} vocabulary={words} />}
        </Loaded>
      )}
    </Loaded>
  );
}
