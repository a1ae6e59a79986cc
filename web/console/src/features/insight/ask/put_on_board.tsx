// Puts what a page of its own asks on a board.

import { useState } from 'react';
import { useT } from '@/i18n';
import { Act } from '@/ui/act';
import { question_of, type PageAsk } from '../question/tile';
import { SaveToBoard } from './save_to_board';

export function PutOnBoard({ page, title }: { page: PageAsk; title: string }) {
  const t = useT();
  const [boarding, set_boarding] = useState(false);
  return (
    <>
      <Act may="edit_boards" size="small" onClick={() => set_boarding(true)}>
        {t('question.save_board')}
      </Act>
      {boarding && (
        <SaveToBoard
          question={question_of(page)}
          chart="auto"
          title={title}
          close={() => set_boarding(false)}
        />
      )}
    </>
  );
}
