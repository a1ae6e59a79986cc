// A number that opens the customers behind it, and the drawer that shows them.

import { Drawer } from 'antd';
import type { PeopleQuestion } from '@/api/types';
import { useT } from '@/i18n';
import { Num } from '@/ui/show';
import { Guard } from '@/ui/states';
import { useInterfacePeople } from '../api/screens';
import { FoundPeople } from '../components/found_people';

export type Opened = { of: PeopleQuestion; title: string };
export type Open = (opened: Opened) => void;

export function OpenPeople(props: { value: number; opened: Opened; open: Open }) {
  const t = useT();
  if (props.value === 0) return <Num value={0} />;
  return (
    <button
      type="button"
      className="link-button num"
      aria-label={t('screen.open_people', { what: props.opened.title, count: props.value })}
      onClick={() => props.open(props.opened)}
    >
      <Num value={props.value} />
    </button>
  );
}

export function PeopleDrawer(props: { opened: Opened; close: () => void }) {
  return (
    <Drawer open onClose={props.close} title={props.opened.title} size={720}>
      <Guard permission="view_customers">
        <People of={props.opened.of} />
      </Guard>
    </Drawer>
  );
}

function People({ of }: { of: PeopleQuestion }) {
  return <FoundPeople found={useInterfacePeople(of)} />;
}
