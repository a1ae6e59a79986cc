import { App } from 'antd';
import { Link, useParams } from 'react-router';
import { useSaveAudience } from '@/features/audience/api/save';
import { useExamples } from '@/features/insight/api/ready_made';
import { QuestionPage } from '@/features/insight/ask/question_page';
import { is_kind } from '@/features/insight/question/draft';
import { useT } from '@/i18n';
import type { Rule } from '@/rule/types';
import { useVocabulary } from '@/rule/vocabulary';
import { Guard, Loaded, useProblemText } from '@/ui/states';
import MissingPage from './missing';

const most_letters = { name: 80, note: 300 };

export default function QuestionOfKindPage() {
  const t = useT();
  const { kind } = useParams();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const vocabulary = useVocabulary();
  const examples = useExamples(vocabulary.data);
  const save = useSaveAudience();
  if (!is_kind(kind)) return <MissingPage />;
  const save_audience = (rule: Rule, name: string, note: string) =>
    save.mutate(
      {
        draft: {
          name: name.slice(0, most_letters.name),
          description: note.slice(0, most_letters.note),
          rule,
          refresh: 'daily',
        },
      },
      {
        onSuccess: (saved) =>
          void message.success(
            <>
              {t('question.audience_saved', { name: saved.name })}{' '}
              <Link to={`/audiences/${saved.id}`}>{t('question.see_audience')}</Link>
            </>,
            8,
          ),
        onError: (error) => void message.error(problem_text(error)),
      },
    );
  return (
    <Guard permission="view">
      <Loaded of={vocabulary}>
        {(words) => (
          <Loaded of={examples}>
            {(ready) => (
              <QuestionPage
                key={kind}
                kind={kind}
                vocabulary={words}
                examples={ready}
                save_audience={save_audience}
                saving={save.isPending}
              />
            )}
          </Loaded>
        )}
      </Loaded>
    </Guard>
  );
}
