// A button that knows who may press it: without the right it stays visible and says who can grant it.

import { Button, Tooltip, type ButtonProps } from 'antd';
import type { Permission } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { useMay } from '@/session/session';

export type ActProps = Omit<ButtonProps, 'disabled'> & {
  may?: Permission;
  // Why the button cannot be pressed now; it stays focusable so that the reason can be read.
  blocked?: string | false | null;
};

export function Act({ may: permission, blocked, onClick, ...rest }: ActProps) {
  const t = useT();
  const label = useLabel();
  const may = useMay();
  const refused = permission && !may(permission);
  const reason = refused
    ? t('ui.button_no_right', { what: label('permission', permission) })
    : blocked || null;
  if (!reason) {
    return (
      <Button onClick={onClick} {...rest}>
        {rest.children}
      </Button>
    );
  }
  return (
    <Tooltip title={reason}>
      <Button
        {...rest}
        danger={false}
        className={`${rest.className ?? ''} blocked`}
        aria-disabled
        aria-description={reason}
        onClick={(event) => event.preventDefault()}
      >
        {rest.children}
      </Button>
    </Tooltip>
  );
}
