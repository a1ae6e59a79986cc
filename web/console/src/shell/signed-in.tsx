// The frame around every page: navigation at the left, search and account on top.

import { MenuOutlined, SearchOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { Suspense, lazy, useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { Boundary } from '@/app/boundary';
import { useOwnText, useT } from '@/i18n';
import { useSession } from '@/session/session';
import { PageRoutes } from '@/pages/routes';
import { useNarrow } from '@/ui/show';
import { Loading } from '@/ui/states';
import { OthersUnderWay } from '@/ui/under_way';
import { AccountMenu } from './account';
import { Navigation } from './navigation';
import './shell.css';

const GlobalSearch = lazy(() => import('./search'));

function useSearchKey(open: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        open();
      }
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [open]);
}

export default function SignedIn() {
  const t = useT();
  const narrow = useNarrow();
  const location = useLocation();
  const bank = useOwnText()(useSession().institution.name);
  const [searching, set_searching] = useState(false);
  const [menu_open, set_menu_open] = useState(false);
  useSearchKey(() => set_searching(true));
  useEffect(() => {
    set_menu_open(false);
    window.scrollTo(0, 0);
  }, [location.pathname]);
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        {t('nav.skip')}
      </a>
      <header className="top-bar">
        {narrow && (
          <Button
            type="text"
            icon={<MenuOutlined />}
            aria-label={t(menu_open ? 'nav.close_menu' : 'nav.open_menu')}
            aria-expanded={menu_open}
            onClick={() => set_menu_open(!menu_open)}
          />
        )}
        <span className="brand">
          <Mark />
          {!narrow && <b className="clip">{bank === 'Qiao' ? '桥 Qiao' : bank}</b>}
        </span>
        <button type="button" className="search-button" onClick={() => set_searching(true)}>
          <SearchOutlined aria-hidden />
          <span className="clip">{t(narrow ? 'shell.search_short' : 'shell.search')}</span>
          {!narrow && <kbd>Ctrl K</kbd>}
        </button>
        <AccountMenu />
      </header>
      {(!narrow || menu_open) && <Navigation floating={narrow} />}
      {narrow && menu_open && <div className="scrim" onClick={() => set_menu_open(false)} />}
      <main id="content" tabIndex={-1}>
        <Boundary key={location.pathname}>
          <Suspense fallback={<Loading rows={5} />}>
            <PageRoutes />
          </Suspense>
        </Boundary>
      </main>
      <OthersUnderWay />
      {searching && (
        <Suspense fallback={null}>
          <GlobalSearch close={() => set_searching(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Mark() {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <path
        d="M4 22h24M7 22c0-7 4-11 9-11s9 4 9 11M11.5 22v-9M16 22V11M20.5 22v-9"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
