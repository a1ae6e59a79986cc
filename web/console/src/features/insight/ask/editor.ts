// The state of a question page: the question with its undo stack, kept on the device as a draft and
// in the address as a link.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { QuestionKind } from '@/api/question_types';
import type { Vocabulary } from '@/api/types';
import { change, redo, start_history, undo } from '@/rule/undo';
import { drop_draft, kept_draft, useDraft } from '@/ui/draft';
import { draft_of, fragment_of, is_sound } from '../question/address';
import type { Draft } from '../question/draft';
import { first_draft, type Example } from '../question/examples';

export type EditQuestion = (next: Draft, mark?: string) => void;
export type Origin = 'link' | 'draft' | 'example' | 'bad_link';

const of_editor = 'editor';

const draft_name = (kind: QuestionKind) => `question.${kind}`;

function started(kind: QuestionKind, fragment: string, examples: Example[]) {
  const linked = draft_of(kind, fragment);
  if (linked) return { draft: linked, origin: 'link' as Origin, at: null };
  const kept = kept_draft<Draft>(draft_name(kind));
  if (!fragment && kept && kept.value.kind === kind && is_sound(kind, kept.value.ask))
    return { draft: kept.value, origin: 'draft' as Origin, at: kept.at };
  const origin: Origin = fragment ? 'bad_link' : 'example';
  return { draft: first_draft(kind, examples), origin, at: null };
}

export function useQuestionEditor(
  kind: QuestionKind,
  vocabulary: Vocabulary,
  examples: Example[],
) {
  const location = useLocation();
  const navigate = useNavigate();
  const [start] = useState(() => started(kind, location.hash, examples));
  const [history, set_history] = useState(() => start_history<Draft>(start.draft));
  const draft = history.present;
  const fragment = useMemo(() => fragment_of(draft, vocabulary), [draft, vocabulary]);
  const written = useRef(location.hash);

  // The address follows the question; another link into this page changes the question. An address
  // of our own may arrive after the next edit, so it is told from a link by its state.
  useEffect(() => {
    if (fragment === written.current) return;
    written.current = fragment;
    void navigate(
      { hash: fragment },
      { replace: true, preventScrollReset: true, state: of_editor },
    );
  }, [fragment, navigate]);
  useEffect(() => {
    if (location.hash === written.current || location.state === of_editor) return;
    const linked = draft_of(kind, location.hash);
    written.current = location.hash;
    if (linked) set_history((now) => change(now, linked));
  }, [kind, location.hash, location.state]);

  useDraft(draft_name(kind), draft, first_draft(kind, examples));
  const edit = useCallback<EditQuestion>(
    (next, mark) => set_history((now) => change(now, next, mark ?? null)),
    [],
  );
  const restart = () => {
    drop_draft(draft_name(kind));
    edit(first_draft(kind, examples));
  };
  return {
    draft,
    edit,
    restart,
    origin: start.origin,
    kept_at: start.at,
    undo: useCallback(() => set_history(undo), []),
    redo: useCallback(() => set_history(redo), []),
    can_undo: history.past.length > 0,
    can_redo: history.future.length > 0,
  };
}

export type QuestionEditor = ReturnType<typeof useQuestionEditor>;
