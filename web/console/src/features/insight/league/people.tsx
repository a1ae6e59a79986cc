// The customers behind a number of a league.

import { Drawer } from 'antd';
import { Guard } from '@/ui/states';
import { useLeaguePeople, type PeopleOfUnit } from '../api/league';
import { FoundPeople } from '../components/found_people';

type Props = { of: PeopleOfUnit; title: string; close: () => void };

export function LeaguePeople(props: Props) {
  return (
    <Drawer open onClose={props.close} title={props.title} size={720}>
      <Guard permission="view_customers">
        <People of={props.of} />
      </Guard>
    </Drawer>
  );
}

function People({ of }: { of: PeopleOfUnit }) {
  return <FoundPeople found={useLeaguePeople(of)} />;
}
