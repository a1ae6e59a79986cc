import { useNavigate, useParams } from 'react-router';
import { useAudience } from '@/features/audience/api/get';
import type { AudienceDraft } from '@/features/audience/api/save';
import { AudienceEditor } from '@/features/audience/components/audience_editor';
import { useVocabulary } from '@/rule/vocabulary';
import { Guard, Loaded } from '@/ui/states';

const blank: AudienceDraft = { name: '', description: '', rule: { all: [] }, refresh: 'daily' };

export default function AudienceEditPage() {
  const { id } = useParams();
  const navigate = useNavigate();
  const vocabulary = useVocabulary();
  const audience = useAudience(id);
  const show = (saved: { id: string }) => void navigate(`/audiences/${saved.id}`);
  return (
    <Guard permission="edit_audiences">
      <Loaded of={vocabulary}>
        {(words) =>
          id ? (
            <Loaded of={audience}>
              {(one) => (
                <AudienceEditor
                  key={id}
                  audience={one}
                  first={{
                    name: one.name,
                    description: one.description,
                    rule: one.rule,
                    refresh: one.refresh,
                  }}
                  vocabulary={words}
                  after_save={show}
                />
              )}
            </Loaded>
          ) : (
            <AudienceEditor first={blank} vocabulary={words} after_save={show} />
          )
        }
      </Loaded>
    </Guard>
  );
}
