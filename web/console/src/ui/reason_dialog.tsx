// Asks why before something that others will want to understand later.

import { Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useT } from '@/i18n';
import { Field } from './page';
import { Failure } from './states';

type Props = {
  title: string;
  text?: ReactNode;
  ok: string;
  busy: boolean;
  error: unknown;
  act: (why: string) => void;
  close: () => void;
};

export function ReasonDialog(props: Props) {
  const t = useT();
  const [why, set_why] = useState('');
  return (
    <Modal
      open
      title={props.title}
      onCancel={props.close}
      onOk={() => props.act(why)}
      okText={props.ok}
      cancelText={t('ui.cancel')}
      okButtonProps={{ danger: true, disabled: !why.trim(), loading: props.busy }}
      width={460}
    >
      <div className="fields">
        {props.text && <p>{props.text}</p>}
        {Boolean(props.error) && <Failure error={props.error} inline />}
        <Field id="reason" label={t('ui.why')} hint={t('ui.why_hint')}>
          <Input
            id="reason"
            autoFocus
            value={why}
            onChange={(event) => set_why(event.target.value)}
          />
        </Field>
      </div>
    </Modal>
  );
}
