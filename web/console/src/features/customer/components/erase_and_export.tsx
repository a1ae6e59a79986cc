// What a customer may ask for by law: a copy of everything, and to be forgotten.

import { App, Modal } from 'antd';
import { useState } from 'react';
import type { Customer } from '@/api/types';
import { useT } from '@/i18n';
import { TextField } from '@/ui/fields';
import { Failure } from '@/ui/states';
import { export_customer, useErase } from '../api/change';

type Props = { customer: Customer; close: () => void };

export function ExportDialog({ customer, close }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const [busy, set_busy] = useState(false);
  const [error, set_error] = useState<unknown>(null);
  const run = async () => {
    set_busy(true);
    try {
      await export_customer(customer.customer);
      void message.success(t('customer.exported'));
      close();
    } catch (failed) {
      set_error(failed);
    }
    set_busy(false);
  };
  return (
    <Modal
      open
      title={t('customer.export')}
      onCancel={close}
      onOk={() => void run()}
      okText={t('customer.export')}
      cancelText={t('ui.cancel')}
      okButtonProps={{ loading: busy }}
      width={460}
    >
      <div className="fields">
        {Boolean(error) && <Failure error={error} inline />}
        <p>{t('customer.export_text')}</p>
      </div>
    </Modal>
  );
}

// Nothing brings the data back, so a word has to be typed besides the reason.
export function EraseDialog({ customer, close }: Props) {
  const t = useT();
  const { message } = App.useApp();
  const erase = useErase(customer.customer);
  const [why, set_why] = useState('');
  const [typed, set_typed] = useState('');
  const word = t('customer.erase_word');
  const is_sure = typed.trim().toLowerCase() === word.toLowerCase() && why.trim() !== '';
  const run = () =>
    erase.mutate(why, {
      onSuccess: () => {
        void message.success(t('customer.erase_started'));
        close();
      },
    });
  return (
    <Modal
      open
      title={t('customer.erase')}
      onCancel={close}
      onOk={run}
      okText={t('customer.erase')}
      cancelText={t('ui.cancel')}
      okButtonProps={{ danger: true, disabled: !is_sure, loading: erase.isPending }}
      width={460}
    >
      <div className="fields">
        {erase.error && <Failure error={erase.error} inline />}
        <p>{t('customer.erase_text')}</p>
        <TextField
          id="erase-why"
          label={t('ui.why')}
          hint={t('ui.why_hint')}
          first
          value={why}
          change={set_why}
        />
        <TextField
          id="erase-word"
          label={t('customer.erase_type', { word })}
          value={typed}
          change={set_typed}
        />
      </div>
    </Modal>
  );
}
