import { QuestionGallery } from '@/features/insight/ask/gallery';
import { useVocabulary } from '@/rule/vocabulary';
import { Guard, Loaded } from '@/ui/states';

export default function QuestionsPage() {
  const vocabulary = useVocabulary();
  return (
    <Guard permission="view">
      <Loaded of={vocabulary}>{(words) => <QuestionGallery vocabulary={words} />}</Loaded>
    </Guard>
  );
}
