// A board on a wall.

import { useCallback, type ReactNode } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { Board } from '@/api/types';
import { useBoards } from '../api/boards';
import { FullScreen, leave_full_screen } from './full_screen';

// On a wall one board may follow another; the address says so, and so outlives a reload.
export function OnWall(props: { board: Board; title: string; children: ReactNode }) {
  const navigate = useNavigate();
  const [params, set_params] = useSearchParams();
  const boards = useBoards().data?.items;
  const { board, title } = props;
  const turn = useCallback(() => {
    const at = boards?.findIndex((one) => one.id === board.id) ?? -1;
    const next = boards?.[(at + 1) % boards.length];
    if (next) void navigate(`/boards/${next.id}?full=1&turn=1`, { replace: true });
  }, [boards, board.id, navigate]);
  const close = useCallback(() => {
    leave_full_screen();
    set_params({});
  }, [set_params]);
  return (
    <FullScreen
      title={title}
      turning={params.get('turn') === '1'}
      turn={turn}
      set_turning={(turning) =>
        set_params(turning ? { full: '1', turn: '1' } : { full: '1' }, { replace: true })
      }
      close={close}
    >
      {props.children}
    </FullScreen>
  );
}
