// What opens when a chip of a question is clicked.

import { Button, InputNumber } from 'antd';
import type { AttributionModel } from '@/api/question_types';
import type { Vocabulary } from '@/api/types';
import { useT, type MessageKey } from '@/i18n';
import type { Where } from '@/rule/types';
import { PeriodEditor } from '@/ui/builder/period_editor';
import { WhereFields } from '@/ui/builder/where_fields';
import { PickList } from '@/ui/pick_list';
import {
  metric_parts_of,
  pick_at,
  with_ask,
  with_parts,
  with_pick,
  without_end,
  type Draft,
  type DraftOf,
} from '../question/draft';
import { by_text, comparison_of, measure_text, type Words } from '../question/sentence';
import { AudiencePicker } from './audience_picker';
import { AudiencesEditor } from './audiences_editor';
import { measures_of, numeric_properties, properties_of, splits_of, subject_of } from './choices';
import type { EditQuestion } from './editor';
import { EventEditor } from './event_editor';
import { EventsEditor } from './events_editor';
import { FormulaEditor } from './formula_editor';
import { SpanEditor } from './span_editor';

export type SlotProps = {
  slot: string;
  draft: Draft;
  edit: EditQuestion;
  vocabulary: Vocabulary;
  words: Words;
  done: () => void;
  open_slot: (slot: string | null) => void;
};

const models: AttributionModel[] = ['first', 'last', 'linear', 'position', 'decay', 'shapley'];

export function SlotEditor(props: SlotProps) {
  const { slot, draft, edit, done } = props;
  const [name] = slot.split('.');
  const set = (part: Record<string, unknown>) => edit(with_ask(draft, part), slot);
  const where = /^(.*)\.where\.(\d+)$/.exec(slot);
  if (where) return <WhereSlot {...props} at={where[1]!} index={Number(where[2])} />;
  if (pick_slots.includes(name!)) return <EventEditor {...props} />;
  if (slot === 'audience') return <AudiencePicker {...props} />;
  if (slot === 'period')
    return <PeriodEditor period={draft.ask} change={(period) => set(period)} done={done} />;
  if (slot === 'window' || slot === 'gap' || slot === 'half_life') return <SpanEditor {...props} />;
  if (slot === 'audiences') return <AudiencesEditor {...props} />;
  if (slot === 'formula') return <FormulaEditor {...props} />;
  if (slot === 'periods' || slot === 'depth' || slot === 'top' || slot === 'average') return <CountEditor {...props} />;
  if (slot === 'only' || slot === 'leave_out') return <EventsEditor {...props} />;
  return <ChoiceEditor {...props} />;
}

const pick_slots = ['self', 'parts', 'first', 'then', 'start', 'end', 'goal', 'steps', 'touches', 'exclude'];

function WhereSlot(props: SlotProps & { at: string; index: number }) {
  const { draft, edit, vocabulary, at, index, done, slot } = props;
  const pick = pick_at(draft, at);
  const where = pick?.where?.[index];
  if (!pick || !where) return null;
  const set = (next: Where | null) => {
    const list = (pick.where ?? []).flatMap((one, i) => (i !== index ? [one] : next ? [next] : []));
    edit(with_pick(draft, at, { ...pick, where: list }), next ? slot : undefined);
    if (!next) done();
  };
  return (
    <WhereFields
      properties={properties_of(pick.event, vocabulary)}
      where={where}
      set={set}
      done={done}
    />
  );
}

function CountEditor({ slot, draft, edit, done }: SlotProps) {
  const t = useT();
  const key = slot === 'depth' ? 'steps' : slot;
  const [least, most] = count_limits[slot]!;
  const value = (draft.ask as unknown as Record<string, number>)[key];
  return (
    <div className="chip-form">
      <InputNumber
        autoFocus
        style={{ width: '100%' }}
        aria-label={t('question.count_label')}
        min={least}
        max={most}
        precision={0}
        value={value}
        onChange={(next) => next && edit(with_ask(draft, { [key]: next }), slot)}
        onPressEnter={done}
      />
      <div className="row between">
        {slot === 'top' || slot === 'average' ? (
          <Button
            size="small"
            type="text"
            danger
            onClick={() => {
              edit(with_ask(draft, { [key]: undefined }));
              done();
            }}
          >
            {t('question.take_away')}
          </Button>
        ) : (
          <span />
        )}
        <Button type="primary" size="small" onClick={done}>
          {t('ui.done')}
        </Button>
      </div>
    </div>
  );
}

const count_limits: Record<string, [number, number]> = {
  periods: [1, 60],
  depth: [1, 8],
  top: [1, 100],
  average: [2, 90],
};

type Choices = {
  values: string[];
  current: string | undefined;
  name: (value: string) => string;
  set: (value: string) => Draft;
  drop?: () => Draft;
};

function choices_of({ slot, draft, vocabulary, words }: SlotProps): Choices | null {
  const { t } = words;
  const ask = draft.ask as Record<string, unknown>;
  const subject = subject_of(draft);
  const plain = (key: string, values: string[], prefix: string, drop = false): Choices => ({
    values,
    current: ask[key] as string | undefined,
    name: (value) => t(`${prefix}.${value}` as MessageKey),
    set: (value) => with_ask(draft, { [key]: value }),
    ...(drop ? { drop: () => with_ask(draft, { [key]: undefined }) } : {}),
  });
  const by_name = (value: string) => split_name(value, subject, words);
  const own = properties_of(subject, vocabulary)
    .filter((one) => one.type === 'string')
    .map((one) => one.name);
  if (slot === 'per') {
    const units = ['day', 'week', 'month'];
    return draft.kind === 'metric'
      ? plain('per', [...units, 'total'], 'question.per')
      : plain('per', units, 'question.per', true);
  }
  if (slot === 'unit') return plain('unit', ['day', 'week', 'month'], 'question.each');
  if (draft.kind === 'metric' && slot.startsWith('measure'))
    return measure_choices(draft, Number(slot.split('.')[1] ?? 0), vocabulary, words);
  if (slot === 'compare')
    return {
      values: ['period', 'week', 'year'],
      current: draft.kind === 'metric' ? comparison_of(draft.ask) : undefined,
      name: (value) => t(`question.compare.${value}` as MessageKey),
      set: (value) => with_ask(draft, { compare: value }),
      drop: () => with_ask(draft, { compare: undefined }),
    };
  if (slot === 'measure') {
    const name = (value: string) => measure_text(value, subject, words);
    return {
      ...plain('measure', measures_of(draft.kind, subject, vocabulary), ''),
      name,
      set: (value) => with_measure(draft, value),
    };
  }
  if (slot === 'model') return plain('model', models, 'question.model');
  if (slot === 'second')
    return {
      values: models,
      current: draft.second,
      name: (value) => t(`question.model.${value}` as MessageKey),
      set: (value) => ({ ...draft, second: value as AttributionModel }),
      drop: () => ({ ...draft, second: undefined }),
    };
  if (slot === 'hold')
    return {
      ...plain('hold', own, '', true),
      name: by_name,
      drop: () => without_end(draft, 'hold'),
    };
  if (slot === 'attributed_by') return { ...plain('by', ['$event', ...own], ''), name: by_name };
  if (slot === 'value' && draft.kind === 'attribution') {
    const { value: current, ...goal } = draft.ask.goal;
    const names = numeric_properties(goal.event, vocabulary).map((one) => one.name);
    return {
      values: names,
      current: current ?? undefined,
      name: (value) => words.names.property(goal.event, value),
      set: (value) => with_ask(draft, { goal: { ...goal, value } }),
      drop: () => with_ask(draft, { goal }),
    };
  }
  if (slot.startsWith('after.') && draft.kind === 'funnel') return after_choices(draft, slot);
  if (!slot.startsWith('by.')) return null;
  const by = (ask.by as string[] | undefined) ?? [];
  const at = Number(slot.split('.')[1]);
  const others = by.filter((_, i) => i !== at);
  return {
    values: splits_of(draft, vocabulary).filter((one) => !others.includes(one)),
    current: by[at],
    name: by_name,
    set: (value) => with_ask(draft, { by: by.map((one, i) => (i === at ? value : one)) }),
    drop: () =>
      with_ask(draft, others.length ? { by: others } : { by: undefined, top: undefined }),
  };
}

function measure_choices(
  draft: DraftOf<'metric'>,
  at: number,
  vocabulary: Vocabulary,
  words: Words,
): Choices {
  const parts = metric_parts_of(draft.ask);
  const { event, measure } = parts[at]!;
  const set = (value: string) =>
    with_parts(
      draft,
      parts.map((part, i) => (i === at ? { ...part, measure: value } : part)),
      draft.ask.formula ?? 'A',
    );
  return {
    values: measures_of('metric', event, vocabulary),
    current: measure,
    name: (value) => measure_text(value, event, words),
    set,
  };
}

// Edges of buckets are those of one measure.
const with_measure = (draft: Draft, measure: string): Draft =>
  with_ask(draft, { measure, buckets: undefined });

function after_choices(draft: Extract<Draft, { kind: 'funnel' }>, slot: string): Choices {
  const at = Number(slot.split('.')[1]);
  const exclude = draft.ask.exclude ?? [];
  return {
    values: draft.ask.steps.slice(1).map((_, i) => String(i + 1)),
    current: String(exclude[at]?.after),
    name: (value) => value,
    set: (value) =>
      with_ask(draft, {
        exclude: exclude.map((one, i) => (i === at ? { ...one, after: Number(value) } : one)),
      }),
  };
}

function split_name(value: string, subject: string, words: Words): string {
  const name = by_text(value, subject, words);
  return value.startsWith('tag:') ? `${words.t('builder.kind.tag')} · ${name}` : name;
}

function ChoiceEditor(props: SlotProps) {
  const t = useT();
  const { edit, done, slot } = props;
  const choices = choices_of(props);
  if (!choices) return null;
  const { drop } = choices;
  return (
    <div className="chip-form">
      <PickList
        options={choices.values.map((value) => ({ value, label: choices.name(value) }))}
        value={choices.current}
        label={slot.startsWith('after.') ? t('question.after_step') : t('builder.pick_label')}
        on_pick={(value) => {
          edit(choices.set(value));
          done();
        }}
      />
      {drop && (
        <Button
          size="small"
          type="text"
          danger
          onClick={() => {
            edit(drop());
            done();
          }}
        >
          {t('question.take_away')}
        </Button>
      )}
    </div>
  );
}
