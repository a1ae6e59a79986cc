// What a formula takes from the matching events: how many, how much, when, or which value.

import { Button, Select } from 'antd';
import { named, useLanguage, useT } from '@/i18n';
import type { VocabularyEvent } from '@/api/types';
import {
  formula_kinds,
  join_measure,
  of_numbers,
  reads_property,
  split_measure,
  type FormulaKind,
} from '@/rule/formula';

type Property = VocabularyEvent['properties'][number];
type Props = {
  measure: string;
  properties: Property[];
  change: (measure: string) => void;
  done: () => void;
};

function readable(kind: FormulaKind, properties: Property[]): Property[] {
  const only_numbers = (of_numbers as readonly string[]).includes(kind);
  return properties.filter((one) => one.type !== 'sealed' && (!only_numbers || one.type === 'number'));
}

export function FormulaMeasure({ measure, properties, change, done }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const { kind, property } = split_measure(measure);
  const offered = formula_kinds.filter(
    (one) => !reads_property(one) || readable(one, properties).length > 0,
  );
  const set_kind = (next: FormulaKind) => {
    const usable = readable(next, properties);
    const kept = usable.find((one) => one.name === property) ?? usable[0];
    change(join_measure(next, kept?.name ?? ''));
  };
  return (
    <div className="chip-form">
      <Select
        style={{ width: '100%' }}
        aria-label={t('builder.measure')}
        value={kind}
        options={offered.map((one) => ({ value: one, label: t(`formula.${one}`) }))}
        onChange={set_kind}
      />
      {reads_property(kind) && (
        <Select
          style={{ width: '100%' }}
          aria-label={t('builder.property')}
          value={property}
          options={readable(kind, properties).map((one) => ({
            value: one.name,
            label: named(language, one),
          }))}
          onChange={(next: string) => change(join_measure(kind, next))}
        />
      )}
      <Button type="primary" size="small" onClick={done}>
        {t('ui.done')}
      </Button>
    </div>
  );
}
