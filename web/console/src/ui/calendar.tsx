import { DatePicker, TimePicker } from 'antd';
import type { Dayjs } from 'dayjs';
import 'dayjs/locale/en-gb';
import 'dayjs/locale/zh-cn';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useT } from '@/i18n';
import type { DateInputProps } from './date_input';
import { read_written, ways_to_write, write, type Written } from './written';

const clock = { format: 'HH:mm' };

export default function Calendar(props: DateInputProps & { what: Written }) {
  const { what, value, change, width } = props;
  const shared = {
    id: props.id,
    'aria-label': props.label,
    style: { width: width ?? '100%' },
    format: ways_to_write(what),
    allowClear: !props.needed,
    value: read_written(what, value),
    // What was picked or typed stands when the field is left, as in any other field.
    needConfirm: false,
    onChange: (at: Dayjs | null) => change(write(what, at)),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      const text = (event.target as HTMLInputElement).value;
      if (event.key === 'Enter' && text === '' && !props.needed) change('');
    },
  };
  if (what === 'day') return <DatePicker {...shared} />;
  // The present moment would be that of the browser's zone, not of the institution's.
  const timed = { ...shared, showNow: false, panelRender: with_named_lists };
  return what === 'time' ? (
    <TimePicker {...timed} />
  ) : (
    <DatePicker {...timed} showTime={clock} />
  );
}

const with_named_lists = (panel: ReactNode) => <NamedLists>{panel}</NamedLists>;

// The library gives its lists of hours and minutes neither a name nor a way for keys to scroll them.
function NamedLists({ children }: { children: ReactNode }) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    for (const list of box.current?.querySelectorAll<HTMLElement>('ul[data-type]') ?? []) {
      list.tabIndex = 0;
      list.ariaLabel = t(list.dataset.type === 'hour' ? 'ui.hour' : 'ui.minute');
    }
  });
  return <div ref={box}>{children}</div>;
}
