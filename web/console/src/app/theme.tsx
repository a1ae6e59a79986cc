// Light and dark: one set of colours, given to our CSS as variables and to Ant Design as tokens.

import { ConfigProvider, App as AntApp, theme as ant, type ThemeConfig } from 'antd';
import en_locale from 'antd/locale/en_GB';
import zh_locale from 'antd/locale/zh_CN';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useLanguage } from '@/i18n';

export type Look = 'light' | 'dark';
export type LookChoice = Look | 'system';

const storage_key = 'qiao.look';

function configuration(look: Look, moves: boolean): ThemeConfig {
  const dark = look === 'dark';
  return {
    algorithm: dark ? ant.darkAlgorithm : ant.defaultAlgorithm,
    token: {
      colorPrimary: dark ? '#2dd4bf' : '#08756b',
      colorLink: dark ? '#2dd4bf' : '#08756b',
      colorLinkHover: dark ? '#2dd4bf' : '#08756b',
      colorLinkActive: dark ? '#2dd4bf' : '#08756b',
      colorSuccess: dark ? '#4cc38a' : '#15732f',
      colorWarning: dark ? '#e0b04a' : '#8f5b00',
      colorError: dark ? '#ff8a80' : '#c02626',
      colorBgBase: dark ? '#0e1413' : '#ffffff',
      colorBgContainer: dark ? '#141b1a' : '#ffffff',
      colorBgElevated: dark ? '#1b2423' : '#ffffff',
      colorBgLayout: dark ? '#0e1413' : '#f6f8f7',
      colorText: dark ? '#e6edec' : '#16201f',
      colorTextSecondary: dark ? '#a3b2af' : '#55625f',
      colorTextTertiary: dark ? '#9aaaa7' : '#5d6a67',
      colorTextDescription: dark ? '#a3b2af' : '#55625f',
      colorTextPlaceholder: dark ? '#8d9d9a' : '#677572',
      colorTextQuaternary: dark ? '#8d9d9a' : '#677572',
      colorBorder: dark ? '#3a4645' : '#cdd5d3',
      colorBorderSecondary: dark ? '#273130' : '#e4e9e8',
      borderRadius: 6,
      fontSize: 14,
      fontFamily: 'var(--font)',
      motion: moves,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.18s',
      controlHeight: 32,
      boxShadow: dark ? '0 8px 28px rgba(0,0,0,.5)' : '0 8px 28px rgba(15,40,36,.12)',
      boxShadowSecondary: dark ? '0 8px 28px rgba(0,0,0,.5)' : '0 8px 28px rgba(15,40,36,.12)',
    },
    components: {
      Button: {
        primaryColor: dark ? '#06201d' : '#ffffff',
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
      },
      Tooltip: { colorBgSpotlight: dark ? '#2b3837' : '#1d2b29' },
      Segmented: {
        itemSelectedColor: dark ? '#e6edec' : '#16201f',
        // On the page as on a panel it is seen where the choice begins and ends.
        trackBg: dark ? '#1f2928' : '#e8edec',
      },
      Select: { optionSelectedBg: dark ? '#12302c' : '#e2f1ef' },
    },
  };
}

type Chosen = { look: Look; choice: LookChoice; choose: (choice: LookChoice) => void };
const LookContext = createContext<Chosen>({
  look: 'light',
  choice: 'system',
  choose: () => undefined,
});
export const useLook = () => useContext(LookContext);

function kept_choice(): LookChoice {
  const kept = localStorage.getItem(storage_key);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

// What the system asks for, followed while it changes.
function useMedia(condition: string): boolean {
  const query = useMemo(() => window.matchMedia(condition), [condition]);
  const [matches, set_matches] = useState(query.matches);
  useEffect(() => {
    const follow = () => set_matches(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [query]);
  return matches;
}

export function LookProvider(props: { children: ReactNode }) {
  const { language } = useLanguage();
  const system: Look = useMedia('(prefers-color-scheme: dark)') ? 'dark' : 'light';
  const moves = !useMedia('(prefers-reduced-motion: reduce)');
  const [choice, set_choice] = useState<LookChoice>(kept_choice);
  const look = choice === 'system' ? system : choice;
  useEffect(() => {
    document.documentElement.dataset.look = look;
  }, [look]);
  const chosen = useMemo<Chosen>(
    () => ({
      look,
      choice,
      choose: (next) => {
        localStorage.setItem(storage_key, next);
        set_choice(next);
      },
    }),
    [look, choice],
  );
  const config = useMemo(() => configuration(look, moves), [look, moves]);
  return (
    <LookContext value={chosen}>
      <ConfigProvider
        theme={config}
        locale={language === 'zh' ? zh_locale : en_locale}
        wave={{ disabled: true }}
        button={{ autoInsertSpace: false }}
      >
        <AntApp message={{ maxCount: 3 }} notification={{ placement: 'bottomRight' }}>
          {props.children}
        </AntApp>
      </ConfigProvider>
    </LookContext>
  );
}
