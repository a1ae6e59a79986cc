// The customers behind a number of a league.

import { Drawer } from 'antd';
import { useLanguage, useT } from '@/i18n';
import { MemberTable } from '@/ui/member_table';
import { exact_number } from '@/ui/numbers';
import { Empty, Guard } from '@/ui/states';
import { useNames } from '@/rule/vocabulary';
import { useLeaguePeople, type PeopleOfUnit } from '../api/league';

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
  const t = useT();
  const { language } = useLanguage();
  const names = useNames();
  const people = useLeaguePeople(of);
  const { data } = people;
  return (
    <div className="stack tight">
      {data && data.items.length > 0 && data.total !== undefined && (
        <p className="soft" data-testid="people-total">
          {t('question.people_total', {
            count: exact_number(data.total, language),
            shown: data.items.length,
          })}
        </p>
      )}
      <MemberTable
        rows={data?.items}
        error={people.error}
        retry={() => void people.refetch()}
        tag_label={names.tag}
        empty={<Empty title={t('customer.none')} />}
      />
    </div>
  );
}
