// Staff say that two records are one person: who, what will happen, and why.

import { Button, Input, Modal } from 'antd';
import { useState } from 'react';
import type { Customer, Member } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { TextField } from '@/ui/fields';
import { Field } from '@/ui/page';
import { Failure, Loading } from '@/ui/states';
import { useMerge } from '../api/change';
import { useCustomerSearch } from '../api/search';

type Props = { customer: Customer; merged: (id: string) => void; close: () => void };

export function MergeDialog({ customer, merged, close }: Props) {
  const t = useT();
  const merge = useMerge(customer.customer);
  const [other, set_other] = useState<Member | null>(null);
  const [why, set_why] = useState('');
  const run = () =>
    merge.mutate(
      { other: other!.customer, why },
      { onSuccess: (made) => merged(made.customer) },
    );
  return (
    <Modal
      open
      title={t('customer.merge')}
      onCancel={close}
      onOk={run}
      okText={t('customer.merge')}
      cancelText={t('ui.cancel')}
      okButtonProps={{ danger: true, disabled: !other || !why.trim(), loading: merge.isPending }}
      width={520}
    >
      <div className="fields">
        {merge.error && <Failure error={merge.error} inline />}
        {other === null ? (
          <FindOther customer={customer} pick={set_other} />
        ) : (
          <>
            <div className="notice warn">
              <span className="grow">
                <WhatHappens customer={customer} other={other} />
              </span>
              <button type="button" className="link-button" onClick={() => set_other(null)}>
                {t('customer.merge_other')}
              </button>
            </div>
            <TextField
              id="merge-why"
              label={t('ui.why')}
              hint={t('ui.why_hint')}
              first
              value={why}
              change={set_why}
            />
          </>
        )}
      </div>
    </Modal>
  );
}

function WhatHappens({ customer, other }: { customer: Customer; other: Member }) {
  const t = useT();
  const of_visitor = t('customer.visitor');
  return (
    <span className="stack tight">
      <b>{t('customer.merge_what')}</b>
      <span>
        {t('customer.merge_text', {
          one: customer.name ?? of_visitor,
          other: other.name ?? of_visitor,
        })}
      </span>
      <span>{t('customer.merge_undo')}</span>
    </span>
  );
}

function FindOther({ customer, pick }: { customer: Customer; pick: (other: Member) => void }) {
  const t = useT();
  const [text, set_text] = useState('');
  const [asked, set_asked] = useState('');
  const found = useCustomerSearch(asked ? { text: asked, limit: 10 } : null);
  return (
    <>
      <Field id="merge-find" label={t('customer.merge_find')} hint={t('customer.search_note')}>
        <Input.Search
          id="merge-find"
          autoFocus
          placeholder={t('customer.search')}
          value={text}
          onChange={(event) => set_text(event.target.value)}
          onSearch={() => set_asked(text.trim())}
        />
      </Field>
      {Boolean(found.error) && <Failure error={found.error} inline />}
      {found.isFetching && <Loading rows={2} />}
      {found.data?.items.length === 0 && <p className="soft">{t('customer.none_text')}</p>}
      <ul className="stack tight">
        {found.data?.items.map((one) => (
          <Found
            key={one.customer}
            member={one}
            is_self={one.customer === customer.customer}
            pick={() => pick(one)}
          />
        ))}
      </ul>
    </>
  );
}

function Found(props: { member: Member; is_self: boolean; pick: () => void }) {
  const t = useT();
  const label = useLabel();
  const { member } = props;
  const identities = Object.entries(member.identities).slice(0, 3);
  return (
    <li className="row between">
      <span>
        {member.name ?? t('customer.visitor')}{' '}
        <span className="soft small">
          {identities.map(([kind, values]) => `${label('identity', kind)} ${values[0]}`).join(' · ')}
        </span>
      </span>
      {props.is_self ? (
        <span className="soft small">{t('customer.merge_self')}</span>
      ) : (
        <Button size="small" onClick={props.pick}>
          {t('customer.merge_pick')}
        </Button>
      )}
    </li>
  );
}
