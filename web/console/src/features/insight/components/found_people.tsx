// The people behind a number, as one who may see customers finds them: how many, and the first.

import type { UseQueryResult } from '@tanstack/react-query';
import type { Member, Page } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { useNames } from '@/rule/vocabulary';
import { MemberTable } from '@/ui/member_table';
import { exact_number } from '@/ui/numbers';
import { Empty } from '@/ui/states';

export function FoundPeople({ found }: { found: UseQueryResult<Page<Member> & { total?: number }> }) {
  const t = useT();
  const { language } = useLanguage();
  const names = useNames();
  const { data } = found;
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
        error={found.error}
        retry={() => void found.refetch()}
        tag_label={names.tag}
        empty={<Empty title={t('customer.none')} />}
      />
    </div>
  );
}
