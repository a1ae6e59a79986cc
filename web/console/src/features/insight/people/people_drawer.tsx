// The people behind a number, wherever one opens to them: listed page by page, exported, and kept as
// an audience.

import { App, Drawer } from 'antd';
import { useMemo, useState } from 'react';
import { useLanguage, useT } from '@/i18n';
import { useNames } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { MemberTable } from '@/ui/member_table';
import { exact_number } from '@/ui/numbers';
import { Empty, Failure, Guard, useProblemText } from '@/ui/states';
import type { PeopleQuestion } from '@/api/types';
import { export_people, usePeople } from '../api/people';
import { KeepPeople } from './keep_people';
import { name_of, type OpenedPeople } from './kept';

type Props = {
  opened: OpenedPeople;
  about: string; // where the number stands: the question, the page, the tile
  close: () => void;
};

export function PeopleDrawer({ opened, about, close }: Props) {
  const t = useT();
  const [keeping, set_keeping] = useState(false);
  return (
    <Drawer
      open
      onClose={close}
      title={opened.title}
      size={720}
      extra={
        <span className="row">
          <Export opened={opened} />
          <Act
            may="edit_audiences"
            type="primary"
            data-keep-people
            onClick={() => set_keeping(true)}
          >
            {t('people.keep')}
          </Act>
        </span>
      }
    >
      <Guard permission="view_customers">
        <People of={opened.of} />
      </Guard>
      {keeping && <KeepPeople {...{ opened, about }} close={() => set_keeping(false)} />}
    </Drawer>
  );
}

function Export({ opened }: { opened: OpenedPeople }) {
  const t = useT();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const [busy, set_busy] = useState(false);
  const save = async () => {
    set_busy(true);
    try {
      await export_people(opened.of, `${name_of(opened)}.csv`);
    } catch (error) {
      void message.error(problem_text(error));
    } finally {
      set_busy(false);
    }
  };
  return (
    <Act may="view_customers" loading={busy} data-export-people onClick={() => void save()}>
      {t('people.export')}
    </Act>
  );
}

function People({ of }: { of: PeopleQuestion }) {
  const t = useT();
  const { language } = useLanguage();
  const names = useNames();
  const found = usePeople(of);
  const pages = found.data?.pages;
  const rows = useMemo(() => pages?.flatMap((page) => page.items), [pages]);
  const total = pages?.at(-1)?.total;
  return (
    <div className="stack tight">
      {rows && rows.length > 0 && total !== undefined && (
        <p className="soft" data-testid="people-total">
          {t('question.people_total', { count: exact_number(total, language), shown: rows.length })}
        </p>
      )}
      <MemberTable
        rows={rows}
        error={found.error}
        retry={() => void found.refetch()}
        tag_label={names.tag}
        empty={<Empty title={t('customer.none')} />}
        more={found.hasNextPage ? () => void found.fetchNextPage() : null}
        loading_more={found.isFetchingNextPage}
      />
      {found.error && rows && <Failure error={found.error} inline />}
    </div>
  );
}
