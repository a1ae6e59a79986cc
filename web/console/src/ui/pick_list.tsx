// A list to choose one thing from, with a filter: by mouse, or by arrows and Enter.

import { Input } from 'antd';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useT } from '@/i18n';

export type PickOption = { value: string; label: string; detail?: string };

const most_shown = 200;

export function PickList(props: {
  options: PickOption[];
  value?: string;
  label: string;
  on_pick: (value: string) => void;
}) {
  const t = useT();
  const list_id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [text, set_text] = useState('');
  const [at, set_at] = useState(() =>
    Math.max(
      props.options.findIndex((one) => one.value === props.value),
      0,
    ),
  );
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return props.options
      .filter((one) => `${one.label} ${one.value}`.toLowerCase().includes(wanted))
      .slice(0, most_shown);
  }, [props.options, text]);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const on_key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') set_at(Math.min(at + 1, shown.length - 1));
    else if (event.key === 'ArrowUp') set_at(Math.max(at - 1, 0));
    else if (event.key === 'Enter' && shown[at]) props.on_pick(shown[at].value);
    else return;
    event.preventDefault();
  };
  return (
    <div className="pick-list">
      <Input
        autoFocus
        value={text}
        placeholder={t('ui.search')}
        aria-label={props.label}
        role="combobox"
        aria-expanded
        aria-controls={list_id}
        aria-activedescendant={shown[at] ? `${list_id}-${at}` : undefined}
        onChange={(event) => {
          set_text(event.target.value);
          set_at(0);
        }}
        onKeyDown={on_key}
      />
      <ul id={list_id} ref={list} role="listbox" aria-label={props.label}>
        {shown.map((one, i) => (
          <li
            key={one.value}
            id={`${list_id}-${i}`}
            role="option"
            aria-selected={one.value === props.value}
            className={i === at ? 'at' : ''}
            onMouseEnter={() => set_at(i)}
            onClick={() => props.on_pick(one.value)}
          >
            <span className="clip">{one.label}</span>
            {one.detail && <span className="faint small clip">{one.detail}</span>}
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="soft small">{t('ui.nothing_found')}</p>}
    </div>
  );
}
