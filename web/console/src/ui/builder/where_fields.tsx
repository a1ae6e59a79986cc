// The fields of one condition on a property of an event: which property, how compared, with what.

import { Button, Select } from 'antd';
import { named, useLanguage, useT } from '@/i18n';
import type { VocabularyEvent } from '@/api/types';
import type { RuleValue, TagOp, Where } from '@/rule/types';
import { OpSelect, fitting_value, ops_for } from './compare_editor';
import { ValueEditor } from './value_editor';

type Props = {
  properties: VocabularyEvent['properties'];
  where: Where;
  set: (where: Where | null) => void;
  done: () => void;
};

export function WhereFields({ properties, where, set, done }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const property = properties.find((one) => one.name === where.property);
  const ops = ops_for(property?.type);
  const op = ops.includes(where.op) ? where.op : ops[0]!;
  const set_value = (next_op: TagOp, value: RuleValue | undefined) =>
    set({ property: where.property, op: next_op, ...(value === undefined ? {} : { value }) });
  return (
    <div className="chip-form">
      <Select
        showSearch
        style={{ width: '100%' }}
        aria-label={t('builder.property')}
        placeholder={t('builder.property')}
        value={where.property || undefined}
        options={properties.map((one) => ({ value: one.name, label: named(language, one) }))}
        onChange={(name: string) =>
          set({
            property: name,
            op: ops_for(properties.find((one) => one.name === name)?.type)[0]!,
          })
        }
      />
      {property && (
        <>
          <OpSelect
            ops={ops}
            value={op}
            change={(next) => set_value(next as TagOp, fitting_value(where.value, next))}
          />
          <ValueEditor
            type={property.type}
            op={op}
            value={where.value}
            offered={property.values}
            change={(value) => set_value(op, value)}
            done={done}
          />
        </>
      )}
      <div className="row between">
        <Button size="small" type="text" danger onClick={() => set(null)}>
          {t('ui.remove')}
        </Button>
        <Button type="primary" size="small" onClick={done}>
          {t('ui.done')}
        </Button>
      </div>
    </div>
  );
}
