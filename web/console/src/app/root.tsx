// Signed in or not decides everything that follows.

import { Suspense, lazy } from 'react';
import { useLocation } from 'react-router';
import { SessionProvider, useEndOfSession, useSessionQuery } from '@/session/session';
import { Failure, Loading } from '@/ui/states';
import { Boundary } from './boundary';

const SignInPage = lazy(() => import('@/pages/sign-in'));
const SignedIn = lazy(() => import('@/shell/signed-in'));

export function Root() {
  useEndOfSession();
  const session = useSessionQuery();
  const location = useLocation();
  const wants_sign_in = location.pathname === '/sign-in';
  if (session.isPending) return <Loading rows={3} />;
  if (session.error && !session.data) {
    return <Failure error={session.error} retry={() => void session.refetch()} />;
  }
  return (
    <Boundary>
      <Suspense fallback={<Loading rows={3} />}>
        {session.data && !wants_sign_in ? (
          <SessionProvider session={session.data}>
            <SignedIn />
          </SessionProvider>
        ) : (
          <SignInPage signed_in={Boolean(session.data)} />
        )}
      </Suspense>
    </Boundary>
  );
}
