// A note on a day: made, changed, removed; what was removed can be brought back.

import { App, Button } from 'antd';
import { useState } from 'react';
import type { Annotation } from '@/api/types';
import { useT } from '@/i18n';
import { DateInput } from '@/ui/date_input';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField, TextField } from '@/ui/fields';
import { Field } from '@/ui/page';
import { useProblemText } from '@/ui/states';
import { day_now } from '@/ui/times';
import { useRemoveAnnotation, useSaveAnnotation, type AnnotationDraft } from '../api/annotations';

export const annotation_kinds = ['release', 'holiday', 'campaign', 'incident', 'other'] as const;

export function useRemoveWithUndo(): (note: Annotation) => void {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const remove = useRemoveAnnotation();
  const save = useSaveAnnotation();
  const offer_undo = (note: Annotation) => {
    const { day, kind, text } = note;
    const bring_back = () => {
      message.destroy(note.id);
      save.mutate({ draft: { day, kind, text } });
    };
    void message.success({
      key: note.id,
      duration: 8,
      content: (
        <>
          {t('annotation.removed')}{' '}
          <button type="button" className="link-button" onClick={bring_back}>
            {t('question.undo')}
          </button>
        </>
      ),
    });
  };
  // The drawer is closed by then, and callbacks of a mutation end with their component.
  return (note) =>
    void remove.mutateAsync(note.id).then(
      () => offer_undo(note),
      (error) => void message.error(problem_text(error)),
    );
}

export function AnnotationDrawer(props: {
  note: Annotation | null;
  day?: string;
  close: () => void;
}) {
  const t = useT();
  const { note, close } = props;
  const save = useSaveAnnotation();
  const remove = useRemoveWithUndo();
  const [draft, set_draft] = useState<AnnotationDraft>(
    note
      ? { day: note.day, kind: note.kind, text: note.text }
      : { day: props.day ?? day_now(), kind: 'release', text: '' },
  );
  const set = (part: Partial<AnnotationDraft>) => set_draft({ ...draft, ...part });
  return (
    <DrawerForm
      title={t(note ? 'annotation.edit' : 'annotation.new')}
      may="edit_boards"
      saving={save}
      blocked={(!draft.text.trim() || !draft.day) && t('ui.required')}
      save={() =>
        save.mutate({ draft, id: note?.id, version: note?.version }, { onSuccess: close })
      }
      close={close}
    >
      <Field id="annotation-day" label={t('annotation.day')}>
        <DateInput id="annotation-day" value={draft.day} change={(day) => set({ day })} />
      </Field>
      <ChoiceField
        id="annotation-kind"
        label={t('annotation.kind')}
        value={draft.kind}
        options={annotation_kinds.map((value) => ({
          value,
          label: t(`annotation.kind.${value}`),
        }))}
        change={(kind) => set({ kind })}
      />
      <TextField
        id="annotation-text"
        label={t('annotation.text')}
        hint={t('annotation.text_hint')}
        long
        first
        value={draft.text}
        change={(text) => set({ text })}
      />
      {note && (
        <Button
          danger
          type="text"
          style={{ justifySelf: 'start' }}
          onClick={() => {
            remove(note);
            close();
          }}
        >
          {t('annotation.remove')}
        </Button>
      )}
    </DrawerForm>
  );
}
