// The less usual actions of a page, behind one button; those without a right say who can grant it.

import { MoreOutlined } from '@ant-design/icons';
import { Button, Dropdown, Tooltip } from 'antd';
import type { Permission } from '@/api/types';
import { useLabel, useT } from '@/i18n';
import { useMay } from '@/session/session';

export type MoreItem = {
  label: string;
  act: () => void;
  may?: Permission;
  blocked?: string | false | null;
  danger?: boolean;
};

export function MoreMenu(props: { items: MoreItem[]; label?: string; small?: boolean }) {
  const t = useT();
  const label = useLabel();
  const may = useMay();
  const reason = (item: MoreItem) =>
    item.may && !may(item.may)
      ? t('ui.button_no_right', { what: label('permission', item.may) })
      : item.blocked || null;
  const items = props.items.map((item, i) => {
    const why = reason(item);
    return {
      key: String(i),
      disabled: why !== null,
      danger: item.danger && why === null,
      label: why ? <Tooltip title={why}>{item.label}</Tooltip> : item.label,
    };
  });
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{ items, onClick: ({ key }) => props.items[Number(key)]!.act() }}
    >
      <Button
        type={props.small ? 'text' : 'default'}
        size={props.small ? 'small' : 'middle'}
        icon={<MoreOutlined />}
        aria-label={props.label ?? t('ui.more_actions')}
      />
    </Dropdown>
  );
}
