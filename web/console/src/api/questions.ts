// Questions on their way: each can be stopped, and asked after how far it is.

import { useSyncExternalStore } from 'react';
import { useQuery } from '@tanstack/react-query';
import { fresh_key, get, post } from './client';
import { Problem } from './problem';
import type { QuestionProgress } from './types';

export type UnderWay = {
  id: string;
  key: string;
  began: number;
  in_place: boolean;
  stop: () => void;
};

// A turn may take twenty seconds to come, and the answer as many.
const longest_ms = 60_000;
const look_again_ms = 500;

let under_way: readonly UnderWay[] = [];
const listeners = new Set<() => void>();

function set(next: readonly UnderWay[]): void {
  under_way = next;
  for (const tell of listeners) tell();
}

export const question_key = (kind: string, question: unknown): string =>
  `${kind} ${JSON.stringify(question)}`;

type How = {
  signal: AbortSignal;
  in_place?: boolean; // the view that asks shows its progress itself
};

// Error when it is stopped: question.stopped.
export async function ask<T>(kind: string, question: unknown, how: How): Promise<T> {
  const stop = new AbortController();
  const one: UnderWay = {
    id: fresh_key(),
    key: question_key(kind, question),
    began: Date.now(),
    in_place: how.in_place ?? false,
    stop: () => stop.abort(),
  };
  set([...under_way, one]);
  try {
    return await post<T>(`/insights/${kind}`, {
      body: question,
      headers: { 'X-Question-Id': one.id },
      signal: AbortSignal.any([how.signal, stop.signal]),
      timeout_ms: longest_ms,
    });
  } catch (error) {
    if (stop.signal.aborted) throw new Problem(499, 'question.stopped', '');
    throw error;
  } finally {
    set(under_way.filter((other) => other !== one));
  }
}

function listen(tell: () => void): () => void {
  listeners.add(tell);
  return () => void listeners.delete(tell);
}

// The oldest first.
export const questions_under_way = (): readonly UnderWay[] => under_way;
export const useUnderWay = () => useSyncExternalStore(listen, questions_under_way);

// What the server says of a question; nothing once it is answered.
export function useHowFar(id: string) {
  return useQuery({
    queryKey: ['how_far', id],
    queryFn: ({ signal }) => get<QuestionProgress>(`/questions/${id}/progress`, { signal }),
    refetchInterval: look_again_ms,
    retry: false,
    gcTime: 0,
  });
}
