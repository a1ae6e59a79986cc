// The people behind a part of an answer; a part that a rule describes can be kept as an audience.

import { Drawer } from 'antd';
import { useT } from '@/i18n';
import type { Rule } from '@/rule/types';
import { Act } from '@/ui/act';
import { Guard } from '@/ui/states';
import { useQuestionPeople, type PeopleOf } from '../api/people';
import { FoundPeople } from '../components/found_people';

export type OpenedPeople = { of: PeopleOf; title: string; rule?: Rule | null };

type Props = {
  opened: OpenedPeople;
  save_audience: ((rule: Rule, name: string) => void) | null;
  saving: boolean;
  close: () => void;
};

export function QuestionPeople(props: Props) {
  const t = useT();
  const { opened, save_audience, saving, close } = props;
  const { rule, title } = opened;
  return (
    <Drawer
      open
      onClose={close}
      title={title}
      size={720}
      extra={
        save_audience &&
        rule !== undefined && (
          <Act
            may="edit_audiences"
            type="primary"
            loading={saving}
            blocked={rule === null && t('question.no_rule')}
            onClick={() => rule && save_audience(rule, title)}
          >
            {t('question.save_audience')}
          </Act>
        )
      }
    >
      <Guard permission="view_customers">
        <People of={opened.of} />
      </Guard>
    </Drawer>
  );
}

function People({ of }: { of: PeopleOf }) {
  return <FoundPeople found={useQuestionPeople(of)} />;
}
