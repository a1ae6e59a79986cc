// A board that fills the screen, for a wall: no menus, and on request one board after the other.

import { CloseOutlined, PauseOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useEffect, useLayoutEffect, type ReactNode } from 'react';
import { useT } from '@/i18n';
import './board.css';

const turn_ms = 30_000;

type Props = {
  title: string;
  turning: boolean;
  turn: () => void; // to the next board
  set_turning: (turning: boolean) => void;
  close: () => void;
  children: ReactNode;
};

export function FullScreen({ title, turning, turn, set_turning, close, children }: Props) {
  const t = useT();
  useEffect(() => {
    if (!turning) return;
    const timer = setTimeout(turn, turn_ms);
    return () => clearTimeout(timer);
  }, [turning, turn]);
  // Heard from the moment on at which the board is seen.
  useLayoutEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
    };
    window.addEventListener('keydown', leave);
    return () => window.removeEventListener('keydown', leave);
  }, [close]);
  return (
    <div className="full-screen" role="region" aria-label={title}>
      <header className="row between">
        <h1>{title}</h1>
        <span className="row">
          <Button
            type="text"
            icon={turning ? <PauseOutlined /> : <PlayCircleOutlined />}
            aria-pressed={turning}
            onClick={() => set_turning(!turning)}
          >
            {t(turning ? 'board.turn_stop' : 'board.turn')}
          </Button>
          <Button type="text" icon={<CloseOutlined />} onClick={close}>
            {t('board.full_leave')}
          </Button>
        </span>
      </header>
      {children}
    </div>
  );
}

// The browser may refuse; the board fills its window then.
export function enter_full_screen(): void {
  void document.documentElement.requestFullscreen?.().catch(() => undefined);
}
export function leave_full_screen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
}
