import { useExamples } from '@/features/insight/api/ready_made';
import { QuestionGallery } from '@/features/insight/ask/gallery';
import { useVocabulary } from '@/rule/vocabulary';
import { Guard, Loaded } from '@/ui/states';

export default function QuestionsPage() {
  const vocabulary = useVocabulary();
  const examples = useExamples(vocabulary.data);
  return (
    <Guard permission="view">
      <Loaded of={vocabulary}>
        {(words) => (
          <Loaded of={examples}>
            {(ready) => <QuestionGallery vocabulary={words} examples={ready} />}
          </Loaded>
        )}
      </Loaded>
    </Guard>
  );
}
