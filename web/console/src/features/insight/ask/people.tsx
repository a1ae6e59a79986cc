// The people behind a part of an answer; a part that a rule describes can be kept as an audience.

import { Drawer } from 'antd';
import { useT } from '@/i18n';
import type { Rule } from '@/rule/types';
import { Act } from '@/ui/act';
import { MemberTable } from '@/ui/member_table';
import { exact_number } from '@/ui/numbers';
import { Empty, Guard } from '@/ui/states';
import { useQuestionPeople, type PeopleOf } from '../api/people';
import type { Words } from '../question/sentence';

export type OpenedPeople = { of: PeopleOf; title: string; rule?: Rule | null };

type Props = {
  opened: OpenedPeople;
  words: Words;
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
        <People {...props} />
      </Guard>
    </Drawer>
  );
}

function People({ opened, words }: Props) {
  const t = useT();
  const people = useQuestionPeople(opened.of);
  const total = people.data?.total;
  return (
    <div className="stack tight">
      {total !== undefined && people.data!.items.length > 0 && (
        <p className="soft" data-testid="people-total">
          {t('question.people_total', {
            count: exact_number(total, words.language),
            shown: people.data!.items.length,
          })}
        </p>
      )}
      <MemberTable
        rows={people.data?.items}
        error={people.error}
        retry={() => void people.refetch()}
        tag_label={words.names.tag}
        empty={<Empty title={t('customer.none')} />}
      />
    </div>
  );
}
