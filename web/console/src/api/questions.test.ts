import { afterEach, expect, test, vi } from 'vitest';
import { ask, question_key, questions_under_way } from './questions';

afterEach(() => void vi.unstubAllGlobals());

// A server that answers when it is told to, or when the request is broken off.
function slow_server() {
  let answer: (text: string) => void = () => undefined;
  const fetched = vi.fn(
    (_address: string, request: RequestInit) =>
      new Promise<Response>((resolve, reject) => {
        answer = (text) => resolve(new Response(text));
        request.signal!.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  );
  vi.stubGlobal('fetch', fetched);
  return { fetched, answer: (text: string) => answer(text) };
}
const never = () => new AbortController().signal;

test('a question is under way until it is answered, by the id that the server was told', async () => {
  const server = slow_server();
  const answered = ask<{ total: number }>('funnel', { steps: [] }, { signal: never() });
  const [one, ...others] = questions_under_way();
  expect(others).toEqual([]);
  expect(one!.key).toBe(question_key('funnel', { steps: [] }));
  const [address, request] = server.fetched.mock.calls[0]!;
  expect(address).toBe('/api/v1/insights/funnel');
  expect((request.headers as Headers).get('X-Question-Id')).toBe(one!.id);
  server.answer('{"total":3}');
  expect(await answered).toEqual({ total: 3 });
  expect(questions_under_way()).toEqual([]);
});

test('stopping a question breaks its request off and says so', async () => {
  slow_server();
  const answered = ask('funnel', {}, { signal: never() });
  questions_under_way()[0]!.stop();
  await expect(answered).rejects.toMatchObject({ code: 'question.stopped' });
  expect(questions_under_way()).toEqual([]);
});

test('a question that its own view gives up is not called stopped', async () => {
  slow_server();
  const leaves = new AbortController();
  const answered = ask('funnel', {}, { signal: leaves.signal });
  leaves.abort();
  await expect(answered).rejects.toThrow('aborted');
});
