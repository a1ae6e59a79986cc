// A number that opens the customers behind it.

import { useT } from '@/i18n';
import { Num } from '@/ui/show';
import type { OpenedPeople } from './kept';

export type Open = (opened: OpenedPeople) => void;

export function OpenPeople(props: { value: number; opened: OpenedPeople; open: Open }) {
  const t = useT();
  if (props.value === 0) return <Num value={0} />;
  return (
    <button
      type="button"
      className="link-button num"
      aria-label={t('screen.open_people', { what: props.opened.title, count: props.value })}
      onClick={() => props.open(props.opened)}
    >
      <Num value={props.value} />
    </button>
  );
}
