// A chip that opens its editor; closing it gives the focus back.

import { Popover } from 'antd';
import { useRef, type ReactNode } from 'react';

type Props = {
  token: { slot: string; text: string; missing?: boolean; quiet?: boolean };
  open: boolean;
  set_open: (open: boolean) => void;
  children: (done: () => void) => ReactNode;
};

export function ChipPopover({ token, open, set_open, children }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    set_open(false);
    button.current?.focus();
  };
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={set_open}
      placement="bottomLeft"
      arrow={false}
      destroyOnHidden
      content={
        <div onKeyDown={(event) => event.key === 'Escape' && close()}>{children(close)}</div>
      }
    >
      <button
        ref={button}
        type="button"
        className={`chip ${token.missing ? 'missing' : ''} ${token.quiet ? 'quiet' : ''}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        data-slot={token.slot}
      >
        {token.text}
      </button>
    </Popover>
  );
}
