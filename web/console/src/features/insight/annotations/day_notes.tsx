// The notes of a chart in words below it; each opens to be changed, and another may be added.

import { useState } from 'react';
import type { Annotation } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { useMay } from '@/session/session';
import { day_and_month } from '@/ui/times';
import { AnnotationDrawer } from './annotation_drawer';

export function DayNotes({ notes }: { notes: Annotation[] }) {
  const t = useT();
  const may = useMay();
  const { language } = useLanguage();
  const [opened, set_opened] = useState<Annotation | 'new' | null>(null);
  const can_edit = may('edit_boards');
  if (notes.length === 0 && !can_edit) return null;
  return (
    <div className="row wrap day-notes small">
      {notes.map((note) => (
        <button
          key={note.id}
          type="button"
          className="chip ghost"
          title={`${t(`annotation.kind.${note.kind}`)} · ${note.author}`}
          onClick={() => set_opened(note)}
        >
          {day_and_month(note.day, language)} {note.text}
        </button>
      ))}
      {can_edit && (
        <button type="button" className="link-button" onClick={() => set_opened('new')}>
          + {t('annotation.add')}
        </button>
      )}
      {opened && (
        <AnnotationDrawer
          note={opened === 'new' ? null : opened}
          close={() => set_opened(null)}
        />
      )}
    </div>
  );
}
