// The people behind a count of the chain.

import { Drawer } from 'antd';
import type { AcquisitionQuestion } from '@/api/types';
import { Guard } from '@/ui/states';
import { useAcquisitionPeople, type AcquisitionPeople } from '../api/acquisition';
import { FoundPeople } from '../components/found_people';

type Props = {
  question: AcquisitionQuestion;
  which: AcquisitionPeople;
  title: string;
  close: () => void;
};

export function AcquisitionPeopleDrawer(props: Props) {
  return (
    <Drawer open onClose={props.close} title={props.title} size={720}>
      <Guard permission="view_customers">
        <People {...props} />
      </Guard>
    </Drawer>
  );
}

function People({ question, which }: Props) {
  return <FoundPeople found={useAcquisitionPeople(question, which)} />;
}
