import { useNavigate, useParams } from 'react-router';
import { useStageModel } from '@/features/audience/api/stage_models';
import { blank_model, draft_of } from '@/features/audience/stages/draft';
import { StageModelEditor } from '@/features/audience/stages/model_editor';
import { useVocabulary } from '@/rule/vocabulary';
import { Guard, Loaded } from '@/ui/states';

export default function StageModelEditPage() {
  const { id } = useParams();
  const navigate = useNavigate();
  const vocabulary = useVocabulary();
  const model = useStageModel(id);
  const show = (saved: { id: string }) => void navigate(`/stages/${saved.id}`);
  return (
    <Guard permission="edit_audiences">
      <Loaded of={vocabulary}>
        {(words) =>
          id ? (
            <Loaded of={model}>
              {(one) => (
                <StageModelEditor
                  key={id}
                  model={one}
                  first={draft_of(one)}
                  vocabulary={words}
                  after_save={show}
                />
              )}
            </Loaded>
          ) : (
            <StageModelEditor first={blank_model} vocabulary={words} after_save={show} />
          )
        }
      </Loaded>
    </Guard>
  );
}
