// How often, how much or how long ago: the comparison of an event condition.

import { Button, Select } from 'antd';
import { named, useLanguage, useT } from '@/i18n';
import type { CompareOp, EventRule, RuleValue } from '@/rule/types';
import type { Change } from './chip_editor';
import { OpSelect, fitting_value } from './compare_editor';
import { useOffered } from './context';
import { DurationInput } from './period_editor';
import { ValueEditor } from './value_editor';

const measures = [
  'count',
  'days',
  'sum',
  'avg',
  'max',
  'min',
  'distinct',
  'last',
  'first',
] as const;
const with_property = ['sum', 'avg', 'max', 'min', 'distinct'];
const ops: CompareOp[] = ['gte', 'lte', 'gt', 'lt', 'eq', 'between'];

export function MeasureEditor(props: { leaf: EventRule; change: Change; done: () => void }) {
  const t = useT();
  const { language } = useLanguage();
  const vocabulary = useOffered();
  const { leaf } = props;
  const [measure = 'count', property] = (leaf.measure ?? 'count').split(':');
  const op = leaf.op ?? 'gte';
  const value = leaf.op === undefined ? 1 : leaf.value;
  const event = vocabulary.events.find((one) => one.name === leaf.event);
  const usable =
    event?.properties.filter((one) => measure === 'distinct' || one.type === 'number') ?? [];
  const is_age = measure === 'first' || measure === 'last';
  const set = (part: Partial<EventRule>) => props.change({ ...leaf, op, value, ...part }, false);
  const set_measure = (next: string) => {
    const numeric = event?.properties.find((one) => next === 'distinct' || one.type === 'number');
    const full = with_property.includes(next) ? `${next}:${numeric?.name ?? ''}` : next;
    const age = next === 'first' || next === 'last';
    set({ measure: full === 'count' ? undefined : full, value: age ? '7d' : is_age ? 1 : value });
  };
  const offered = measures.filter(
    (one) =>
      !with_property.includes(one) ||
      event?.properties.some((p) => one === 'distinct' || p.type === 'number'),
  );
  return (
    <div className="chip-form">
      <Select
        style={{ width: '100%' }}
        aria-label={t('builder.measure')}
        value={measure}
        options={offered.map((one) => ({ value: one, label: t(`builder.measure.${one}`) }))}
        onChange={set_measure}
      />
      {with_property.includes(measure) && (
        <Select
          style={{ width: '100%' }}
          aria-label={t('builder.property')}
          value={property}
          options={usable.map((one) => ({ value: one.name, label: named(language, one) }))}
          onChange={(next: string) => set({ measure: `${measure}:${next}` })}
        />
      )}
      <OpSelect
        ops={is_age ? ops.filter((one) => one !== 'between' && one !== 'eq') : ops}
        value={op}
        change={(next) => set({ op: next as CompareOp, value: fitting_value(value, next) })}
      />
      {is_age ? (
        <DurationInput value={String(value)} change={(next) => set({ value: next })} />
      ) : (
        <ValueEditor
          type="number"
          op={op}
          value={value as RuleValue | undefined}
          offered={[]}
          change={(next) => set({ value: next })}
          done={props.done}
        />
      )}
      <Button type="primary" size="small" onClick={props.done}>
        {t('ui.done')}
      </Button>
    </div>
  );
}
