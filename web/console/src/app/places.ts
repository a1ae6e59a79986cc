// Every place of the console, with the right that it needs: the navigation and the search use it.

import type { Permission } from '@/api/types';
import type { MessageKey } from '@/i18n';

export type Place = { path: string; title: MessageKey; permission: Permission };
export type PlaceGroup = { title: MessageKey | null; places: Place[] };

export const place_groups: PlaceGroup[] = [
  {
    title: null,
    places: [
      { path: '/', title: 'nav.today', permission: 'view' },
      { path: '/work-items', title: 'nav.work', permission: 'view' },
      { path: '/customers', title: 'nav.customers', permission: 'view_customers' },
      { path: '/audiences', title: 'nav.audiences', permission: 'view' },
      { path: '/stages', title: 'nav.stages', permission: 'view' },
    ],
  },
  {
    title: 'nav.engage',
    places: [{ path: '/campaigns', title: 'nav.campaigns', permission: 'view' }],
  },
  {
    title: 'nav.insight',
    places: [
      { path: '/boards', title: 'nav.boards', permission: 'view' },
      { path: '/insights/questions', title: 'nav.questions', permission: 'view' },
      { path: '/insights/alerts', title: 'nav.alerts', permission: 'view' },
      { path: '/insights/annotations', title: 'nav.annotations', permission: 'view' },
      { path: '/insights/sql', title: 'nav.sql', permission: 'run_sql' },
      { path: '/insights/leagues', title: 'nav.leagues', permission: 'view' },
      { path: '/insights/products', title: 'nav.products', permission: 'view' },
      { path: '/insights/acquisition', title: 'nav.acquisition', permission: 'view' },
      { path: '/insights/returns', title: 'nav.returns', permission: 'view' },
      { path: '/insights/screens', title: 'nav.screens', permission: 'view' },
      { path: '/insights/entries', title: 'nav.entries', permission: 'view' },
    ],
  },
  {
    title: 'nav.data',
    places: [
      { path: '/dictionary', title: 'nav.dictionary', permission: 'view' },
      { path: '/quarantine', title: 'nav.quarantine', permission: 'view_customers' },
      { path: '/imports', title: 'nav.imports', permission: 'import_data' },
    ],
  },
  {
    title: 'nav.settings',
    places: [{ path: '/settings', title: 'nav.settings', permission: 'view' }],
  },
];

export const settings_places: Place[] = [
  { path: '/settings/people', title: 'settings.people', permission: 'manage_people' },
  { path: '/settings/roles', title: 'settings.roles', permission: 'view' },
  { path: '/settings/organisation', title: 'settings.organisation', permission: 'view' },
  { path: '/settings/channels', title: 'settings.channels', permission: 'view' },
  { path: '/settings/prices', title: 'settings.prices', permission: 'view' },
  { path: '/settings/contact-policy', title: 'settings.contact_policy', permission: 'view' },
  { path: '/settings/write-keys', title: 'settings.write_keys', permission: 'manage_settings' },
  { path: '/settings/tokens', title: 'settings.tokens', permission: 'manage_people' },
  { path: '/settings/general', title: 'settings.general', permission: 'manage_settings' },
  { path: '/settings/audit', title: 'settings.audit', permission: 'view_audit' },
];
