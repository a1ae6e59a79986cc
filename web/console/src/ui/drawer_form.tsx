// A form in the side panel: its fields, what went wrong, and one button that says what it does.

import { Button, Drawer } from 'antd';
import type { ReactNode } from 'react';
import type { Permission } from '@/api/types';
import { useT } from '@/i18n';
import { Act } from './act';
import { Failure } from './states';

type Props = {
  title: ReactNode;
  width?: number;
  may: Permission;
  ok?: string;
  saving: { isPending: boolean; error: unknown };
  // Why it cannot be saved yet.
  blocked?: string | false;
  save: () => void;
  close: () => void;
  children: ReactNode;
};

export function DrawerForm(props: Props) {
  const t = useT();
  const { saving } = props;
  return (
    <Drawer
      open
      onClose={props.close}
      title={props.title}
      size={props.width ?? 440}
      footer={
        <div className="row end">
          <Button onClick={props.close}>{t('ui.cancel')}</Button>
          <Act
            may={props.may}
            type="primary"
            loading={saving.isPending}
            blocked={props.blocked}
            onClick={props.save}
          >
            {props.ok ?? t('ui.save')}
          </Act>
        </div>
      }
    >
      <div className="fields">
        {Boolean(saving.error) && <Failure error={saving.error} inline />}
        {props.children}
      </div>
    </Drawer>
  );
}

