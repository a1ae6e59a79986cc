import { lazy, Suspense, useEffect, useRef, type ComponentType } from 'react';
import { NavLink, useParams } from 'react-router';
import { settings_places } from '@/app/places';
import { useT } from '@/i18n';
import { useMay } from '@/session/session';
import { Page } from '@/ui/page';
import { Guard, Loading } from '@/ui/states';
import MissingPage from './missing';

const sections: Record<string, ComponentType> = {
  people: lazy(() => import('@/features/access/components/people')),
  roles: lazy(() => import('@/features/access/components/roles')),
  organisation: lazy(() => import('@/features/access/components/organisation')),
  channels: lazy(() => import('@/features/channel/components/channels')),
  prices: lazy(() => import('@/features/channel/components/prices')),
  'contact-policy': lazy(() => import('@/features/engage/components/contact_policy')),
  'write-keys': lazy(() => import('@/features/access/components/write_keys')),
  tokens: lazy(() => import('@/features/access/components/tokens')),
  general: lazy(() => import('@/features/dictionary/components/general')),
  audit: lazy(() => import('@/features/access/components/audit')),
};

export default function SettingsPage() {
  const t = useT();
  const may = useMay();
  const { section = '' } = useParams();
  const tabs = useRef<HTMLElement>(null);
  // On a phone the row is wider than the window: the open section stays in sight.
  useEffect(() => {
    const current = tabs.current?.querySelector('[aria-current]');
    current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [section]);
  const Section = sections[section];
  const place = settings_places.find((one) => one.path === `/settings/${section}`);
  if (!Section || !place) return <MissingPage />;
  return (
    <Page title={t('nav.settings')} tab_title={t(place.title)}>
      <nav ref={tabs} className="sub-nav" aria-label={t('nav.settings')}>
        {settings_places
          .filter((one) => may(one.permission))
          .map((one) => (
            <NavLink key={one.path} to={one.path}>
              {t(one.title)}
            </NavLink>
          ))}
      </nav>
      <Guard permission={place.permission}>
        <Suspense fallback={<Loading />}>
          <Section />
        </Suspense>
      </Guard>
    </Page>
  );
}
