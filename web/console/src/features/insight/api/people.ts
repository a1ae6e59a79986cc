import { useInfiniteQuery } from '@tanstack/react-query';
import { download_answer } from '@/api/client';
import type { AnyKind, PeopleSelector } from '@/api/question_types';
import { ask as ask_server } from '@/api/questions';
import type { Member, Page, PeopleQuestion } from '@/api/types';

export type PeoplePage = Page<Member> & { total?: number };

// A question, named by its kind, and what selects of its answer.
export const people_question = (
  kind: AnyKind,
  ask: unknown,
  selector: PeopleSelector,
): PeopleQuestion => ({ [kind]: ask, ...selector }) as PeopleQuestion;

const per_page = 50;

export function usePeople(of: PeopleQuestion) {
  return useInfiniteQuery({
    queryKey: ['people', of],
    queryFn: ({ signal, pageParam }) =>
      ask_server<PeoplePage>(
        'people',
        { ...of, limit: per_page, ...(pageParam && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    gcTime: 0,
  });
}

export const export_people = (of: PeopleQuestion, file_name: string): Promise<void> =>
  download_answer('/insights/people', of, file_name);
