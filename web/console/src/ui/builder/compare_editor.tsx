// How a tag or a score is compared.

import { Button, InputNumber, Select } from 'antd';
import { useLanguage, useT } from '@/i18n';
import type { ValueType } from '@/api/types';
import { needs_value } from '@/rule/tree';
import type { RuleValue, ScoreRule, TagOp, TagRule } from '@/rule/types';
import { words } from '@/rule/words';
import type { Change } from './chip_editor';
import { useOffered } from './context';
import { NumberInput, ValueEditor } from './value_editor';

const ops_of_type: Record<ValueType, TagOp[]> = {
  string: ['eq', 'ne', 'in', 'not_in', 'exists', 'missing'],
  number: ['gte', 'lte', 'gt', 'lt', 'eq', 'ne', 'between', 'exists', 'missing'],
  boolean: ['eq', 'exists', 'missing'],
  time: ['gte', 'lt', 'between', 'exists', 'missing'],
  string_set: ['contains', 'exists', 'missing'],
  sealed: ['eq', 'in', 'exists', 'missing'],
  null: ['exists', 'missing'],
};

export const ops_for = (type: ValueType | undefined): TagOp[] =>
  ops_of_type[type ?? 'string'] ?? ops_of_type.string;

// The value kept when the operator changes: it must have the shape that the new operator needs.
export function fitting_value(value: RuleValue | undefined, op: string): RuleValue | undefined {
  if (!needs_value(op)) return undefined;
  const wants_list = op === 'in' || op === 'not_in' || op === 'between';
  if (wants_list === Array.isArray(value))
    return op === 'between' ? (value as []).slice(0, 2) : value;
  if (Array.isArray(value)) return value[0];
  if (value === undefined || op === 'between') return undefined;
  return [value];
}

type Props<Rule> = { leaf: Rule; change: Change; done: () => void };

export function TagCompareEditor({ leaf, change, done }: Props<TagRule>) {
  const t = useT();
  const vocabulary = useOffered();
  const tag = vocabulary.tags.find((one) => one.name === leaf.tag);
  const ops = ops_for(tag?.type);
  const op = ops.includes(leaf.op) ? leaf.op : ops[0]!;
  const set = (next_op: TagOp, value: RuleValue | undefined) =>
    change({ tag: leaf.tag, op: next_op, ...(value === undefined ? {} : { value }) }, false);
  return (
    <div className="chip-form">
      <OpSelect
        ops={ops}
        value={op}
        change={(next) => set(next as TagOp, fitting_value(leaf.value, next))}
      />
      <ValueEditor
        type={tag?.type ?? 'string'}
        op={op}
        value={leaf.value}
        offered={tag?.values ?? []}
        change={(value) => set(op, value)}
        done={done}
      />
      <Button type="primary" size="small" onClick={done}>
        {t('ui.done')}
      </Button>
    </div>
  );
}

export function OpSelect(props: { ops: string[]; value: string; change: (op: string) => void }) {
  const t = useT();
  const { language } = useLanguage();
  return (
    <Select
      style={{ width: '100%' }}
      aria-label={t('builder.op')}
      value={props.value}
      options={props.ops.map((op) => ({ value: op, label: words[language].op[op] ?? op }))}
      onChange={props.change}
    />
  );
}

export function ScoreEditor({ leaf, change, done }: Props<ScoreRule>) {
  const t = useT();
  const set = (part: Partial<ScoreRule>) => change({ ...leaf, ...part }, false);
  const value = typeof leaf.value === 'number' ? leaf.value : undefined;
  return (
    <div className="chip-form">
      <OpSelect
        ops={['top', 'gte', 'lt']}
        value={leaf.op}
        change={(op) => set({ op: op as ScoreRule['op'] })}
      />
      {leaf.op === 'top' ? (
        <InputNumber
          autoFocus
          style={{ width: '100%' }}
          aria-label={t('builder.value')}
          min={0.1}
          max={100}
          suffix="%"
          value={(value ?? 0.1) * 100}
          onChange={(share) => set({ value: (share ?? 10) / 100 })}
          onPressEnter={done}
        />
      ) : (
        <NumberInput
          value={value}
          change={(number) => set({ value: number ?? 0 })}
          done={done}
          label={t('builder.value')}
        />
      )}
      <Button type="primary" size="small" onClick={done}>
        {t('ui.done')}
      </Button>
    </div>
  );
}
