// Under which names the customer is known, and which records became this one; a wrong binding is taken
// apart here.

import { App } from 'antd';
import { useState } from 'react';
import type { Customer } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { Act } from '@/ui/act';
import { Panel } from '@/ui/page';
import { ReasonDialog } from '@/ui/reason_dialog';
import { Pill, When } from '@/ui/show';
import { useUnbind } from '../api/change';
import './customer.css';

type Identity = Customer['identities'][number];

export function Identities({ customer }: { customer: Customer }) {
  const t = useT();
  const label = useLabel();
  const [leaving, set_leaving] = useState<Identity | null>(null);
  return (
    <Panel title={t('customer.identities')}>
      {customer.identities.map((one) => (
        <div key={one.kind + one.value} className="tag-row">
          <span className="soft">{label('identity', one.kind)}</span>
          <span>
            <code>{one.value}</code>{' '}
            <span className="faint small">
              <When at={one.at} />
            </span>
          </span>
          {customer.identities.length > 1 && (
            <Act
              may="edit_customers"
              type="text"
              size="small"
              aria-label={`${t('customer.unbind')} ${label('identity', one.kind)} ${one.value}`}
              onClick={() => set_leaving(one)}
            >
              {t('customer.unbind')}
            </Act>
          )}
        </div>
      ))}
      {leaving && (
        <UnbindDialog customer={customer} identity={leaving} close={() => set_leaving(null)} />
      )}
    </Panel>
  );
}

function UnbindDialog(props: { customer: Customer; identity: Identity; close: () => void }) {
  const t = useT();
  const label = useLabel();
  const { message } = App.useApp();
  const unbind = useUnbind(props.customer.customer);
  const { kind, value } = props.identity;
  const run = (why: string) =>
    unbind.mutate(
      { identity: { kind, value }, why },
      {
        onSuccess: () => {
          void message.success(t('customer.unbound'));
          props.close();
        },
      },
    );
  return (
    <ReasonDialog
      title={t('customer.unbind_title', { kind: label('identity', kind), value })}
      text={t('customer.unbind_text')}
      ok={t('customer.unbind')}
      busy={unbind.isPending}
      error={unbind.error}
      act={run}
      close={props.close}
    />
  );
}

export function Merges({ customer }: { customer: Customer }) {
  const t = useT();
  const label = useLabel();
  if (customer.merges.length === 0) return null;
  return (
    <Panel title={t('customer.merges')}>
      <ul className="stack tight">
        {customer.merges.map((merge) => (
          <li key={merge.from + merge.at}>
            {label('merge_reason', merge.reason)}{' '}
            <span className="faint small">
              <When at={merge.at} />
            </span>{' '}
            {merge.undone && <Pill bare>{t('customer.merge_undone')}</Pill>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
