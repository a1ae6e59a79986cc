import {
  AccountBookOutlined,
  AlertOutlined,
  AreaChartOutlined,
  BookOutlined,
  ConsoleSqlOutlined,
  CheckSquareOutlined,
  FlagOutlined,
  FunnelPlotOutlined,
  HomeOutlined,
  ImportOutlined,
  LoginOutlined,
  MobileOutlined,
  SendOutlined,
  SettingOutlined,
  ShoppingOutlined,
  StepForwardOutlined,
  TeamOutlined,
  TrophyOutlined,
  UserAddOutlined,
  UserOutlined,
  WarningOutlined,
} from '@ant-design/icons';
import { Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import { place_groups, type Place } from '@/app/places';
import { useLabel, useT } from '@/i18n';
import { useMay } from '@/session/session';

const icons: Record<string, ReactNode> = {
  '/': <HomeOutlined />,
  '/customers': <UserOutlined />,
  '/audiences': <TeamOutlined />,
  '/stages': <StepForwardOutlined />,
  '/campaigns': <SendOutlined />,
  '/boards': <AreaChartOutlined />,
  '/insights/questions': <FunnelPlotOutlined />,
  '/insights/sql': <ConsoleSqlOutlined />,
  '/insights/leagues': <TrophyOutlined />,
  '/insights/products': <ShoppingOutlined />,
  '/insights/acquisition': <UserAddOutlined />,
  '/insights/returns': <AccountBookOutlined />,
  '/insights/screens': <MobileOutlined />,
  '/insights/entries': <LoginOutlined />,
  '/insights/alerts': <AlertOutlined />,
  '/insights/annotations': <FlagOutlined />,
  '/work-items': <CheckSquareOutlined />,
  '/dictionary': <BookOutlined />,
  '/quarantine': <WarningOutlined />,
  '/imports': <ImportOutlined />,
  '/settings': <SettingOutlined />,
};

export function Navigation(props: { floating: boolean }) {
  const t = useT();
  return (
    <nav className={`side ${props.floating ? 'floating' : ''}`} aria-label={t('nav.label')}>
      {place_groups.map((group, i) => (
        <div key={i} className="nav-group">
          {group.title && group.places.length > 1 && (
            <span className="nav-title">{t(group.title)}</span>
          )}
          <ul>
            {group.places.map((place) => (
              <li key={place.path}>
                <NavigationLink place={place} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function NavigationLink({ place }: { place: Place }) {
  const t = useT();
  const label = useLabel();
  const may = useMay();
  const inside = (
    <>
      <span aria-hidden className="nav-icon">
        {icons[place.path]}
      </span>
      {t(place.title)}
    </>
  );
  if (may(place.permission)) {
    return (
      <NavLink to={place.path} end={place.path === '/'}>
        {inside}
      </NavLink>
    );
  }
  const reason = t('ui.button_no_right', { what: label('permission', place.permission) });
  return (
    <Tooltip title={reason} placement="right">
      <span
        className="nav-refused"
        tabIndex={0}
        role="link"
        aria-disabled
        aria-description={reason}
      >
        {inside}
      </span>
    </Tooltip>
  );
}
