import { App, Modal, Switch, Tooltip } from 'antd';
import type { Customer } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { useMay } from '@/session/session';
import { Panel } from '@/ui/page';
import { When } from '@/ui/show';
import { Empty, useProblemText } from '@/ui/states';
import { useSetConsent } from '../api/change';
import './customer.css';

export function Consents({ customer }: { customer: Customer }) {
  const t = useT();
  const label = useLabel();
  const may = useMay()('edit_customers');
  const { message } = App.useApp();
  const [modal, holder] = Modal.useModal();
  const problem_text = useProblemText();
  const set = useSetConsent(customer.customer);
  const change = (consent: Customer['consents'][number], granted: boolean) =>
    modal.confirm({
      title: t(granted ? 'customer.consent_give' : 'customer.consent_withdraw'),
      content: t('customer.consent_effect'),
      okText: t('ui.save'),
      cancelText: t('ui.cancel'),
      onOk: () =>
        set
          .mutateAsync({
            purpose: consent.purpose,
            channel: consent.channel,
            granted,
            source: 'staff',
          })
          .catch((error) => void message.error(problem_text(error))),
    });
  return (
    <Panel title={t('customer.consents')}>
      {holder}
      {customer.consents.length === 0 && <Empty title={t('customer.no_consents')} />}
      {customer.consents.map((consent) => {
        const name = `${label('purpose', consent.purpose)} · ${label('channel', consent.channel)}`;
        return (
          <div key={name} className="tag-row">
            <span>{name}</span>
            <span className="soft small">
              {label('source', consent.source)} · <When at={consent.at} />
            </span>
            <Tooltip
              title={
                may ? undefined : t('ui.button_no_right', { what: t('permission.edit_customers') })
              }
            >
              <Switch
                size="small"
                checked={consent.granted}
                disabled={!may}
                aria-label={name}
                onChange={(granted) => change(consent, granted)}
              />
            </Tooltip>
          </div>
        );
      })}
    </Panel>
  );
}
