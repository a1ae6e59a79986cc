import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useCustomerSearch, type CustomerSearch } from '@/features/customer/api/search';
import { useSomeCustomers } from '@/features/customer/api/some';
import { useLabel, useT } from '@/i18n';
import { useNames, useVocabulary } from '@/rule/vocabulary';
import { Page, Panel } from '@/ui/page';
import { MemberTable } from '@/ui/member_table';
import { Empty, Guard } from '@/ui/states';

export default function CustomersPage() {
  const t = useT();
  return (
    <Page title={t('customer.title')} lead={t('customer.lead')}>
      <Guard permission="view_customers">
        <Search />
      </Guard>
    </Page>
  );
}

function wanted_of(kind: string, text: string): CustomerSearch {
  const wanted = text.trim();
  return kind === 'text' ? { text: wanted, limit: 50 } : { identity: { [kind]: wanted } };
}

function Search() {
  const t = useT();
  const label = useLabel();
  const names = useNames();
  const vocabulary = useVocabulary();
  const [kind, set_kind] = useState('text');
  const [text, set_text] = useState('');
  const [asked, set_asked] = useState<CustomerSearch | null>(null);
  const [browsing, set_browsing] = useState(false);
  const found = useCustomerSearch(asked);
  const some = useSomeCustomers(browsing && asked === null);
  const kinds = vocabulary.data?.identities.map((one) => one.name) ?? [];
  const ask = () => set_asked(text.trim() ? wanted_of(kind, text) : null);
  return (
    <>
      <form
        className="bar"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <Select
          style={{ width: 150 }}
          aria-label={t('customer.search_by')}
          value={kind}
          options={[
            { value: 'text', label: t('customer.by_name') },
            ...kinds.map((one) => ({ value: one, label: label('identity', one) })),
          ]}
          onChange={set_kind}
        />
        <Input.Search
          className="search"
          allowClear
          placeholder={t('customer.search')}
          aria-label={t('customer.search')}
          value={text}
          onChange={(event) => set_text(event.target.value)}
          onSearch={ask}
        />
        <span className="soft small">{t('customer.search_note')}</span>
      </form>
      <Panel flush>
        {asked === null && !browsing ? (
          <Empty
            mark="⌕"
            title={t('customer.start')}
            text={t('customer.start_text')}
            action={<Button onClick={() => set_browsing(true)}>{t('customer.some')}</Button>}
          />
        ) : (
          <MemberTable
            rows={asked === null ? some.data : found.data?.items}
            error={asked === null ? some.error : found.error}
            retry={() => void (asked === null ? some.refetch() : found.refetch())}
            tag_label={names.tag}
            empty={<Empty title={t('customer.none')} text={t('customer.none_text')} />}
          />
        )}
      </Panel>
    </>
  );
}
