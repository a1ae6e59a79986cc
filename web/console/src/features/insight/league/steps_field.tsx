// A list of events, each with conditions on its properties: what use, a transaction or a step is.

import { Button, Popover, Select } from 'antd';
import { useState } from 'react';
import type { Step, Vocabulary } from '@/api/types';
import { named, useLanguage, useT } from '@/i18n';
import type { Where } from '@/rule/types';
import { names_of } from '@/rule/names';
import { where_text } from '@/rule/sentence_events';
import { WhereFields } from '@/ui/builder/where_fields';
import { Field } from '@/ui/page';
import './league.css';

type Props = {
  id: string;
  label: string;
  hint?: string;
  value: Step[];
  vocabulary: Vocabulary;
  change: (steps: Step[]) => void;
};

export function StepsField(props: Props) {
  const t = useT();
  const { value, change } = props;
  const put = (at: number, step: Step | null) =>
    change(value.flatMap((one, i) => (i !== at ? [one] : step ? [step] : [])));
  return (
    <Field label={props.label} hint={props.hint}>
      <div className="stack tight" role="group" aria-label={props.label}>
        {value.map((step, at) => (
          <StepForm
            key={at}
            label={`${props.label} ${at + 1}`}
            step={step}
            vocabulary={props.vocabulary}
            change={(next) => put(at, next)}
          />
        ))}
        <span>
          <Button size="small" onClick={() => change([...value, { event: '' }])}>
            {t('product.add_event')}
          </Button>
        </span>
      </div>
    </Field>
  );
}

function StepForm(props: {
  label: string;
  step: Step;
  vocabulary: Vocabulary;
  change: (step: Step | null) => void;
}) {
  const t = useT();
  const { language } = useLanguage();
  const { step, vocabulary, change } = props;
  const wheres = step.where ?? [];
  const put = (at: number, where: Where | null) => {
    const list = wheres.flatMap((one, i) => (i !== at ? [one] : where ? [where] : []));
    change(list.length ? { event: step.event, where: list } : { event: step.event });
  };
  return (
    <div className="step-form">
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={props.label}
        placeholder={t('product.pick_event')}
        value={step.event || undefined}
        options={vocabulary.events.map((one) => ({ value: one.name, label: named(language, one) }))}
        onChange={(event: string) => change({ event })}
      />
      <Button
        type="text"
        aria-label={`${t('ui.remove')} ${props.label}`}
        onClick={() => change(null)}
      >
        ×
      </Button>
      {step.event && (
        <div className="conditions">
          {wheres.map((where, at) => (
            <WhereChip
              key={at}
              event={step.event}
              where={where}
              vocabulary={vocabulary}
              change={(next) => put(at, next)}
            />
          ))}
          <Button
            size="small"
            type="text"
            onClick={() =>
              change({ event: step.event, where: [...wheres, { property: '', op: 'eq' }] })
            }
          >
            {t('question.add_where')}
          </Button>
        </div>
      )}
    </div>
  );
}

function WhereChip(props: {
  event: string;
  where: Where;
  vocabulary: Vocabulary;
  change: (where: Where | null) => void;
}) {
  const t = useT();
  const { language } = useLanguage();
  const { event, where, vocabulary } = props;
  const [open, set_open] = useState(where.property === '');
  const names = names_of(vocabulary, language);
  return (
    <Popover
      open={open}
      onOpenChange={set_open}
      trigger="click"
      content={
        <WhereFields
          properties={vocabulary.events.find((one) => one.name === event)?.properties ?? []}
          where={where}
          set={props.change}
          done={() => set_open(false)}
        />
      }
    >
      <Button size="small">
        {where.property ? (where_text(where, event, names, language) ?? where.property) : t('builder.property')}
      </Button>
    </Popover>
  );
}
