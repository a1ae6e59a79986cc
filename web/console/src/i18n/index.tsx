// The language of the page: chosen by the person, else by the browser (Chinese unless it says
// English). Each language is a chunk of its own.

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { IntlProvider, useIntl } from 'react-intl';
import type { Language } from '@/api/types';
import type { MessageKey } from './zh';

export type { MessageKey };
export type Values = Record<string, string | number | boolean | Date | null | undefined>;

const storage_key = 'qiao.language';

export function initial_language(): Language {
  const kept = localStorage.getItem(storage_key);
  if (kept === 'zh' || kept === 'en') return kept;
  const wanted = navigator.languages?.length ? navigator.languages : [navigator.language];
  for (const language of wanted) {
    if (language.startsWith('zh')) return 'zh';
    if (language.startsWith('en')) return 'en';
  }
  return 'zh';
}

export async function load_messages(language: Language): Promise<Record<string, string>> {
  return language === 'zh' ? (await import('./zh')).zh : (await import('./en')).en;
}

type Chosen = { language: Language; choose: (language: Language) => void };
const LanguageContext = createContext<Chosen>({ language: 'zh', choose: () => undefined });
export const useLanguage = () => useContext(LanguageContext);

export function LanguageProvider(props: {
  first: { language: Language; messages: Record<string, string> };
  children: ReactNode;
}) {
  const [current, set_current] = useState(props.first);
  useEffect(() => {
    document.documentElement.lang = current.language === 'zh' ? 'zh-CN' : 'en';
  }, [current.language]);
  const chosen = useMemo<Chosen>(
    () => ({
      language: current.language,
      choose: (language) => {
        localStorage.setItem(storage_key, language);
        void load_messages(language).then((messages) => set_current({ language, messages }));
      },
    }),
    [current.language],
  );
  return (
    <LanguageContext value={chosen}>
      <IntlProvider
        locale={current.language === 'zh' ? 'zh-CN' : 'en'}
        messages={current.messages}
        onError={report_missing}
      >
        {props.children}
      </IntlProvider>
    </LanguageContext>
  );
}

function report_missing(error: Error): void {
  if (import.meta.env.DEV) console.error(error.message);
}

export type Translate = (key: MessageKey, values?: Values) => string;

export function useT(): Translate {
  const intl = useIntl();
  return useMemo(() => (key, values) => intl.formatMessage({ id: key }, values) as string, [intl]);
}

// For keys made from data (a state, a reason): falls back to the value itself.
export function useLabel(): (prefix: string, value: string, values?: Values) => string {
  const intl = useIntl();
  return useMemo(
    () => (prefix, value, values) => {
      const id = `${prefix}.${value}`;
      return intl.messages[id] ? (intl.formatMessage({ id }, values) as string) : value;
    },
    [intl],
  );
}

// All that a prefix names, for a choice among them.
export function useLabels(prefix: string): { value: string; label: string }[] {
  const { messages } = useIntl();
  return useMemo(
    () =>
      Object.entries(messages)
        .filter(([key]) => key.startsWith(`${prefix}.`))
        .map(([key, text]) => ({ value: key.slice(prefix.length + 1), label: String(text) })),
    [messages, prefix],
  );
}

export function named(
  language: Language,
  thing: { name: string; name_zh?: string | null; name_en?: string | null },
): string {
  return (language === 'zh' ? thing.name_zh : thing.name_en) || thing.name;
}

// A text of the bank's own may say both languages as "中文 / English"; each page shows its half.
export function own_text(text: string, language: Language): string {
  const halves = /^([^/]*[\u4e00-\u9fff][^/]*?) \/ ([^\u4e00-\u9fff]+)$/.exec(text);
  return halves ? halves[language === 'zh' ? 1 : 2]! : text;
}

export function useOwnText(): (text: string) => string {
  const { language } = useLanguage();
  return (text) => own_text(text, language);
}
