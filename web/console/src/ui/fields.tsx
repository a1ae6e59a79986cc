// Fields that many forms have.

import { Input, Select, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useT } from '@/i18n';
import { Field } from './page';

export function TextField(props: {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  value: string;
  change: (value: string) => void;
  first?: boolean;
  long?: boolean;
  mono?: boolean;
  disabled?: boolean;
}) {
  const shared = {
    id: props.id,
    value: props.value,
    disabled: props.disabled,
    autoFocus: props.first,
    className: props.mono ? 'mono' : undefined,
  };
  return (
    <Field id={props.id} label={props.label} hint={props.hint} error={props.error}>
      {props.long ? (
        <Input.TextArea
          {...shared}
          autoSize={{ minRows: 2 }}
          onChange={(event) => props.change(event.target.value)}
        />
      ) : (
        <Input {...shared} onChange={(event) => props.change(event.target.value)} />
      )}
    </Field>
  );
}

export function ChoiceField<T extends string | number>(props: {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  value: T;
  options: { value: T; label: string }[] | undefined;
  change: (value: T) => void;
  search?: boolean;
  disabled?: boolean;
}) {
  return (
    <Field id={props.id} label={props.label} hint={props.hint}>
      <Select<T>
        id={props.id}
        value={props.value}
        disabled={props.disabled}
        showSearch={props.search ? { optionFilterProp: 'label' } : false}
        options={props.options}
        onChange={props.change}
      />
    </Field>
  );
}

// A switch with the word for its state beside it.
export function SwitchField(props: {
  label: string;
  checked: boolean;
  change: (checked: boolean) => void;
}) {
  const t = useT();
  return (
    <Field label={t('ui.status')}>
      <span className="row">
        <Switch checked={props.checked} aria-label={props.label} onChange={props.change} />
        {t(props.checked ? 'ui.on' : 'ui.off')}
      </span>
    </Field>
  );
}
