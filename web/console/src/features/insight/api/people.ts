import { useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';
import type { PeopleSelector, QuestionKind } from '@/api/question_types';
import type { Member, Page } from '@/api/types';

export type PeopleOf = { kind: QuestionKind; ask: unknown; selector: PeopleSelector };

const most_shown = 50;

export function useQuestionPeople({ kind, ask, selector }: PeopleOf) {
  return useQuery({
    queryKey: ['question-people', kind, ask, selector],
    queryFn: ({ signal }) =>
      post<Page<Member> & { total?: number }>('/insights/people', {
        body: { [kind]: ask, ...selector, limit: most_shown },
        signal,
      }),
    gcTime: 0,
  });
}
