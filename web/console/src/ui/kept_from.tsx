// Since when behaviour is kept, beside numbers that might be others if older behaviour were kept too.

import { useLanguage, useT } from '@/i18n';
import { date_only } from './times';

type Props = {
  from: string | null | undefined; // nothing is shown where everything is kept
  // What the older behaviour would have changed: who is new, who fits a condition without a period,
  // or what is listed.
  changes: 'firsts' | 'conditions' | 'list';
};

export function KeptFrom({ from, changes }: Props) {
  const t = useT();
  const { language } = useLanguage();
  if (!from) return null;
  const day = date_only(from, language);
  return <p className="soft small">{t(`ui.kept.${changes}`, { day })}</p>;
}
