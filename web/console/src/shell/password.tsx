import { useQueryClient } from '@tanstack/react-query';
import { App, Input, Modal } from 'antd';
import { useState } from 'react';
import { useT } from '@/i18n';
import { change_password } from '@/session/session';
import { Field } from '@/ui/page';
import { Failure } from '@/ui/states';

const least_length = 12;

// With `first` the person came by a one-time link and has no password to repeat.
export function PasswordDialog(props: { close: () => void; first?: boolean }) {
  const t = useT();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [old, set_old] = useState('');
  const [fresh, set_fresh] = useState('');
  const [again, set_again] = useState('');
  const [error, set_error] = useState<unknown>(null);
  const [busy, set_busy] = useState(false);
  const too_short = fresh.length < least_length;
  const differ = again !== '' && again !== fresh;
  const save = async () => {
    set_busy(true);
    set_error(null);
    try {
      await change_password(old, fresh);
      void queries.invalidateQueries({ queryKey: ['session'] });
      void message.success(t('password.changed'));
      props.close();
    } catch (problem) {
      set_error(problem);
    }
    set_busy(false);
  };
  return (
    <Modal
      open
      title={t(props.first ? 'password.set_title' : 'password.title')}
      onCancel={props.close}
      onOk={() => void save()}
      okText={t('ui.save')}
      cancelText={t(props.first ? 'password.later' : 'ui.cancel')}
      okButtonProps={{ disabled: too_short || again !== fresh, loading: busy }}
      width={420}
    >
      <div className="fields">
        {props.first && <p className="soft">{t('password.set_lead')}</p>}
        {error !== null && <Failure error={error} inline />}
        {!props.first && (
          <Field id="old-password" label={t('password.old')}>
            <Input.Password
              id="old-password"
              value={old}
              autoComplete="current-password"
              onChange={(event) => set_old(event.target.value)}
            />
          </Field>
        )}
        <Field id="new-password" label={t('password.new')} hint={t('password.rule')}>
          <Input.Password
            id="new-password"
            value={fresh}
            autoComplete="new-password"
            onChange={(event) => set_fresh(event.target.value)}
          />
        </Field>
        <Field
          id="again-password"
          label={t('password.again')}
          error={differ ? t('password.differ') : undefined}
        >
          <Input.Password
            id="again-password"
            value={again}
            autoComplete="new-password"
            onChange={(event) => set_again(event.target.value)}
          />
        </Field>
      </div>
    </Modal>
  );
}
