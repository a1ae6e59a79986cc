import { GlobalOutlined } from '@ant-design/icons';
import { App, Button, Dropdown, type MenuProps } from 'antd';
import { useState } from 'react';
import { useLook, type LookChoice } from '@/app/theme';
import { useLabel, useLanguage, useT } from '@/i18n';
import { keep_language, useSession, useSignOut } from '@/session/session';
import { useProblemText } from '@/ui/states';
import { Bell } from './bell';
import { PasswordDialog } from './password';

const looks: LookChoice[] = ['light', 'dark', 'system'];

export function AccountMenu() {
  const t = useT();
  const label = useLabel();
  const { person } = useSession();
  const { choice, choose } = useLook();
  const { message } = App.useApp();
  const problem_text = useProblemText();
  const sign_out = useSignOut();
  const [changing_password, set_changing_password] = useState(false);
  const items: MenuProps['items'] = [
    {
      key: 'who',
      type: 'group',
      label: `${label('role', person.role)}${person.org_name ? ` · ${person.org_name}` : ''}`,
    },
    {
      key: 'look',
      type: 'group',
      label: t('shell.look'),
      children: looks.map((look) => ({ key: look, label: t(`shell.look.${look}`) })),
    },
    { type: 'divider' },
    { key: 'password', label: t('shell.password') },
    { key: 'sign_out', label: t('shell.sign_out') },
  ];
  const act: MenuProps['onClick'] = ({ key }) => {
    if (key === 'password') set_changing_password(true);
    else if (key === 'sign_out') sign_out().catch((error) => message.error(problem_text(error)));
    else choose(key as LookChoice);
  };
  const name = label('person', person.name);
  return (
    <div className="account">
      <Bell />
      <LanguageButton />
      <Dropdown
        trigger={['click']}
        placement="bottomRight"
        menu={{ items, onClick: act, selectable: true, selectedKeys: [choice] }}
      >
        <Button type="text" aria-label={`${t('shell.account')}: ${name}`}>
          <span className="avatar" aria-hidden>
            {name.slice(0, 1)}
          </span>
          <span className="account-name">{name}</span>
        </Button>
      </Dropdown>
      {changing_password && <PasswordDialog close={() => set_changing_password(false)} />}
    </div>
  );
}

function LanguageButton() {
  const { language, choose } = useLanguage();
  const other = language === 'zh' ? 'en' : 'zh';
  // The page changes at once; that the server did not hear of it matters only on another device.
  const change = () => {
    choose(other);
    keep_language(other).catch(() => undefined);
  };
  return (
    <Button
      type="text"
      icon={<GlobalOutlined />}
      onClick={change}
      aria-label={other === 'en' ? 'Switch to English' : '切换为中文'}
      lang={other === 'en' ? 'en' : 'zh-CN'}
    >
      {other === 'en' ? 'EN' : '中文'}
    </Button>
  );
}
