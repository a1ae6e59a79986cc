// The value of a comparison, by the type of what is compared.

import { Input, InputNumber, Select } from 'antd';
import { useLanguage, useT } from '@/i18n';
import type { ValueType } from '@/api/types';
import { value_word } from '@/rule/values';
import type { RuleValue, Scalar } from '@/rule/types';
import { words } from '@/rule/words';
import { DateInput } from '../date_input';

type Props = {
  type: ValueType;
  op: string;
  value: RuleValue | undefined;
  offered: (string | number)[];
  change: (value: RuleValue | undefined) => void;
  done: () => void;
};

export function ValueEditor(props: Props) {
  if (props.op === 'exists' || props.op === 'missing') return null;
  if (props.op === 'between') return <RangeEditor {...props} />;
  if (props.op === 'in' || props.op === 'not_in') return <ManyEditor {...props} />;
  return <OneEditor {...props} />;
}

function ManyEditor({ type, value, offered, change }: Props) {
  const { language } = useLanguage();
  const t = useT();
  const numeric = type === 'number';
  return (
    <Select
      mode="tags"
      autoFocus
      style={{ width: '100%' }}
      aria-label={t('builder.value')}
      placeholder={t('builder.value_many')}
      tokenSeparators={[',', '，', '、']}
      value={Array.isArray(value) ? (value as (string | number)[]) : []}
      options={offered.map((one) => ({ value: one, label: value_word(String(one), language) }))}
      onChange={(list: (string | number)[]) =>
        change(list.map((one) => (numeric ? Number(one) : one)))
      }
    />
  );
}

function OneEditor({ type, value, offered, change, done }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const label = t('builder.value');
  if (type === 'boolean') {
    return (
      <Select
        style={{ width: '100%' }}
        aria-label={label}
        placeholder={label}
        value={value as boolean | undefined}
        options={[true, false].map((one) => ({
          value: one,
          label: one ? words[language].yes : words[language].no,
        }))}
        onChange={(one: boolean) => change(one)}
      />
    );
  }
  if (type === 'number')
    return (
      <NumberInput value={value as Scalar | undefined} change={change} done={done} label={label} />
    );
  if (type === 'time') {
    return (
      <DateInput
        label={label}
        value={typeof value === 'string' ? value.slice(0, 10) : ''}
        change={(day) => change(day || undefined)}
      />
    );
  }
  if (offered.length > 0) {
    return (
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        style={{ width: '100%' }}
        aria-label={label}
        placeholder={label}
        value={value as string | undefined}
        options={offered.map((one) => ({ value: one, label: value_word(String(one), language) }))}
        onChange={(one: string) => change(one)}
      />
    );
  }
  return (
    <Input
      autoFocus
      aria-label={label}
      placeholder={label}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => change(event.target.value || undefined)}
      onPressEnter={done}
    />
  );
}

export function NumberInput(props: {
  value: Scalar | undefined;
  change: (value: number | undefined) => void;
  done: () => void;
  label: string;
  min?: number;
  auto_focus?: boolean;
}) {
  return (
    <InputNumber
      autoFocus={props.auto_focus ?? true}
      style={{ width: '100%' }}
      aria-label={props.label}
      placeholder={props.label}
      min={props.min}
      value={typeof props.value === 'number' ? props.value : null}
      onChange={(value) => change_number(value, props.change)}
      onPressEnter={props.done}
    />
  );
}

function change_number(value: number | null, change: (value: number | undefined) => void): void {
  change(value ?? undefined);
}

function RangeEditor({ type, value, change, done }: Props) {
  const t = useT();
  const [low, high] = Array.isArray(value) ? value : [undefined, undefined];
  const set = (index: 0 | 1, part: Scalar | undefined) => {
    const next = [low ?? '', high ?? ''];
    next[index] = part ?? '';
    change(next as Scalar[]);
  };
  if (type === 'time') {
    return (
      <div className="row">
        <DateInput
          label={t('builder.from')}
          value={String(low ?? '').slice(0, 10)}
          change={(day) => set(0, day)}
        />
        <DateInput
          label={t('builder.to')}
          value={String(high ?? '').slice(0, 10)}
          change={(day) => set(1, day)}
        />
      </div>
    );
  }
  return (
    <div className="row">
      <NumberInput
        value={low}
        change={(part) => set(0, part)}
        done={done}
        label={t('builder.from')}
      />
      <NumberInput
        value={high}
        change={(part) => set(1, part)}
        done={done}
        label={t('builder.to')}
        auto_focus={false}
      />
    </div>
  );
}
