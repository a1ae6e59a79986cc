// Who is signed in. The server decides what each may do; the console only shows it early.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { get, patch, post, remove, set_csrf_token, set_signed_out_handler } from '@/api/client';
import { Problem } from '@/api/problem';
import type { Language, Permission, Session } from '@/api/types';
import { set_time_zone } from '@/ui/times';

const session_key = ['session'];

function take(session: Session): Session {
  set_csrf_token(session.csrf_token ?? '');
  set_time_zone(session.institution.time_zone);
  return session;
}

async function fetch_session(signal: AbortSignal): Promise<Session | null> {
  try {
    return take(await get<Session>('/session', { signal }));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

export function useSessionQuery() {
  return useQuery({
    queryKey: session_key,
    queryFn: ({ signal }) => fetch_session(signal),
    staleTime: 5 * 60_000,
  });
}

export type Credentials = { login: string; password: string } | { link_token: string };

export function useSignIn() {
  const queries = useQueryClient();
  return async (credentials: Credentials) => {
    await post('/session', { body: credentials });
    await queries.fetchQuery({
      queryKey: session_key,
      queryFn: ({ signal }) => fetch_session(signal),
      staleTime: 0,
    });
  };
}

export function useSignOut() {
  const queries = useQueryClient();
  return async () => {
    await remove('/session');
    queries.clear();
    queries.setQueryData(session_key, null);
  };
}

export const change_password = (old: string, fresh: string) =>
  patch('/session', { body: { password: { old, new: fresh } } });
export const keep_language = (language: Language) => patch('/session', { body: { language } });

const SessionContext = createContext<Session | null>(null);

export function SessionProvider(props: { session: Session; children: ReactNode }) {
  return <SessionContext value={props.session}>{props.children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('a page outside the signed-in part');
  return session;
}

export function useMay(): (permission: Permission) => boolean {
  const { person } = useSession();
  return useMemo(() => {
    const held = new Set(person.permissions);
    return (permission) => held.has(permission);
  }, [person.permissions]);
}

// Goes back to the sign-in page when any request says that the session is over.
export function useEndOfSession(): void {
  const queries = useQueryClient();
  useEffect(() => {
    set_signed_out_handler(() => queries.setQueryData(session_key, null));
  }, [queries]);
}
