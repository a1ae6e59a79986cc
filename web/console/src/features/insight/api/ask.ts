import { useQuery, type keepPreviousData } from '@tanstack/react-query';
import { ask as ask_server } from '@/api/questions';
import type {
  Answers,
  AnyKind,
  PageAnswers,
  PageQuestions,
  Questions,
} from '@/api/question_types';
import { useDebounced } from '@/ui/debounce';

const rest_ms = 150;

type Asked = Questions & PageQuestions;
type Answered = Answers & PageAnswers;

export const answer_key = (kind: AnyKind, ask: unknown) => [
  'question',
  kind,
  JSON.stringify(ask),
];

// Asks the question once it has rested; the last answer stays while the next one is computed. With
// `every_ms` it is asked again that often; Infinity: never by itself.
export function useAnswer<K extends AnyKind>(
  kind: K,
  ask: Asked[K],
  whole: boolean,
  every_ms?: number,
) {
  const rested = useDebounced(JSON.stringify([kind, ask]), rest_ms);
  const [of_kind, query] = JSON.parse(rested) as [K, Asked[K]];
  // While another kind of question rests, the answer that is there is not of this one.
  const is_own = of_kind === kind;
  const asked = useQuery({
    queryKey: answer_key(of_kind, query),
    queryFn: ({ signal }) => ask_server<Answered[K]>(of_kind, query, { signal, in_place: true }),
    enabled: whole && is_own,
    placeholderData: ((last: unknown, before?: { queryKey: readonly unknown[] }) =>
      before?.queryKey[1] === kind ? last : undefined) as typeof keepPreviousData,
    staleTime: every_ms ?? 60_000,
    refetchInterval: every_ms !== undefined && Number.isFinite(every_ms) ? every_ms : false,
    retry: false,
  });
  return { ...asked, data: is_own ? asked.data : undefined };
}
