// A question as a sentence: words, and chips that open what can be changed. The sentence is made of
// messages, so that each language has its own order of words.

import type {
  Comparison,
  LifecycleQuestion,
  MetricAsked,
  PathsQuestion,
  RetentionQuestion,
} from '@/api/question_types';
import type { Language } from '@/api/types';
import type { MessageKey } from '@/i18n';
import { metric_parts_of, type Draft, type DraftOf } from './draft';
import { fault_of, letter_of } from './formula';
import {
  by_parts,
  by_text,
  chip,
  event_name,
  event_parts,
  fill,
  joined,
  measure_text,
  quoted,
  scope,
  span,
  text,
  type Part,
  type Words,
} from './sentence_parts';

export { by_text, event_name, measure_text, quoted } from './sentence_parts';
export type { Offer, Part, Words } from './sentence_parts';

function metric_parts(draft: DraftOf<'metric'>, words: Words): Part[] {
  const { t } = words;
  const { ask } = draft;
  const parts = metric_parts_of(ask);
  const per = [chip('per', t(`question.per.${ask.per}`))];
  const first = parts[0]!;
  const asked = ask.parts
    ? fill(t, 'question.reads.formula', {
        ...scope(draft, words),
        parts: joined(
          parts.map((part, i) =>
            fill(t, 'question.reads.part', {
              letter: [text(letter_of(i))],
              event: event_parts(`parts.${i}`, part, words),
              measure: [chip(`measure.${i}`, measure_text(part.measure, part.event, words))],
            }),
          ),
          words.language === 'zh' ? '，' : ',',
        ),
        formula: [
          ask.formula?.trim()
            ? chip('formula', ask.formula, {
                missing: fault_of(ask.formula, parts.length) !== null,
              })
            : chip('formula', t('question.choose'), { missing: true }),
        ],
        per,
      })
    : fill(t, 'question.reads.metric', {
        ...scope(draft, words),
        event: event_parts('self', first, words),
        measure: [chip('measure', measure_text(first.measure, first.event, words))],
        per,
      });
  return [
    ...asked,
    ...by_parts(ask.by, first.event, words),
    ...(ask.top
      ? fill(t, 'question.reads.top', {
          top: [chip('top', t('question.top', { count: ask.top }))],
        })
      : []),
    ...(ask.average
      ? fill(t, 'question.reads.average', {
          average: [chip('average', t('question.average', { count: ask.average }))],
        })
      : []),
    ...(ask.compare
      ? fill(t, 'question.reads.compare', {
          compare: [chip('compare', t(`question.compare.${comparison_of(ask)}`))],
        })
      : []),
  ];
}

// What the number is called.
export function metric_text(ask: MetricAsked, words: Words): string {
  if (ask.parts) return ask.formula ?? '';
  const [only] = metric_parts_of(ask);
  return measure_text(only!.measure, only!.event, words);
}

// What a new alert of it is called.
export function metric_name(ask: MetricAsked, words: Words): string {
  const [first] = metric_parts_of(ask);
  return ask.parts
    ? metric_text(ask, words)
    : `${event_name(first!.event, words)} · ${metric_text(ask, words)}`;
}

export const comparison_of = ({ compare }: MetricAsked): Comparison =>
  typeof compare === 'string' ? compare : 'period';

function hold_parts(hold: string | undefined, event: string, words: Words): Part[] {
  if (!hold) return [];
  return fill(words.t, 'question.reads.hold', { hold: [chip('hold', by_text(hold, event, words))] });
}

function funnel_parts({ ask }: DraftOf<'funnel'>, draft: Draft, words: Words): Part[] {
  const { t } = words;
  const first = ask.steps[0]?.event ?? '';
  const steps = ask.steps.map((step, i) => event_parts(`steps.${i}`, step, words));
  const exclude = (ask.exclude ?? []).flatMap((one, i) =>
    fill(t, 'question.reads.exclude', {
      after: [chip(`after.${i}`, String(one.after))],
      event: event_parts(`exclude.${i}`, one, words),
    }),
  );
  return [
    ...fill(t, 'question.reads.funnel', {
      ...scope(draft, words),
      steps: joined(steps, '→'),
      window: span('window', ask.window, words),
    }),
    ...hold_parts(ask.hold, first, words),
    ...exclude,
    ...by_parts(ask.by, first, words),
    ...(ask.per
      ? fill(t, 'question.reads.series', { per: [chip('per', t(`question.per.${ask.per}`))] })
      : []),
  ];
}

// A customer's very first event is the first ever by itself.
function first_ever_parts(ask: RetentionQuestion, { t }: Words): Part[] {
  if (ask.first.event === '' || ask.first.event === '$new_customer') return [];
  const which = ask.first_ever ? 'ever' : 'in_period';
  return [chip('first_ever', t(`question.first.${which}`), { toggle: true })];
}

function retention_parts({ ask }: DraftOf<'retention'>, draft: Draft, words: Words): Part[] {
  const { t } = words;
  return [
    ...fill(t, 'question.reads.retention', {
      ...scope(draft, words),
      first: [...event_parts('first', ask.first, words), ...first_ever_parts(ask, words)],
      then: event_parts('then', ask.then, words),
      unit: [chip('unit', t(`question.each.${ask.unit}`))],
      periods: [chip('periods', t(`question.periods.${ask.unit}`, { count: ask.periods }))],
      mode: [chip('mode', t(`question.mode.${ask.mode ?? 'nth'}`), { toggle: true })],
    }),
    ...by_parts(ask.by, ask.first.event, words),
  ];
}

function lifecycle_parts(ask: LifecycleQuestion, draft: Draft, words: Words): Part[] {
  return fill(words.t, 'question.reads.lifecycle', {
    ...scope(draft, words),
    event: event_parts('self', ask, words),
    unit: [chip('unit', words.t(`question.each.${ask.unit}`))],
  });
}

function paths_parts(ask: PathsQuestion, draft: Draft, words: Words): Part[] {
  const { t } = words;
  const slot = ask.end ? 'end' : 'start';
  const several = (name: string, key: MessageKey, events: string[] | undefined) =>
    events?.length
      ? fill(t, key, {
          events: [
            chip(
              name,
              events.map((one) => quoted(one, words)).join(words.language === 'zh' ? '' : ', '),
            ),
          ],
        })
      : [];
  return [
    ...fill(t, 'question.reads.paths', {
      ...scope(draft, words),
      event: event_parts(slot, (ask.end ?? ask.start)!, words),
      direction: [chip('direction', t(`question.direction.${slot}`), { toggle: true })],
      depth: [chip('depth', t('question.depth', { count: ask.steps }))],
    }),
    ...(ask.gap ? fill(t, 'question.reads.gap', { gap: span('gap', ask.gap, words) }) : []),
    ...(ask.window
      ? fill(t, 'question.reads.path_window', { window: span('window', ask.window, words) })
      : []),
    ...hold_parts(ask.hold, (ask.end ?? ask.start)!.event, words),
    ...several('only', 'question.reads.only', ask.only),
    ...several('leave_out', 'question.reads.leave_out', ask.leave_out),
  ];
}

function attribution_parts(draft: DraftOf<'attribution'>, words: Words): Part[] {
  const { t } = words;
  const { ask, second } = draft;
  const touch = ask.touches[0]?.event ?? '';
  const value = ask.goal.value
    ? fill(t, 'question.reads.value', {
        value: [chip('value', by_text(ask.goal.value, ask.goal.event, words))],
      })
    : [];
  return [
    ...fill(t, 'question.reads.attribution', {
      ...scope(draft, words),
      goal: [...event_parts('goal', ask.goal, words), ...value],
      window: span('window', ask.window, words),
      touches: joined(
        ask.touches.map((one, i) => event_parts(`touches.${i}`, one, words)),
        words.language === 'zh' ? '、' : ',',
      ),
      by: [chip('attributed_by', by_text(ask.by, touch, words))],
      model: [chip('model', t(`question.model.${ask.model}`))],
    }),
    ...(ask.model === 'decay' || second === 'decay'
      ? fill(t, 'question.reads.half_life', {
          half_life: span('half_life', ask.half_life ?? '7d', words),
        })
      : []),
    ...(second
      ? fill(t, 'question.reads.second', { model: [chip('second', t(`question.model.${second}`))] })
      : []),
  ];
}

export function parts_of(draft: Draft, words: Words): Part[] {
  const { t } = words;
  switch (draft.kind) {
    case 'metric':
      return metric_parts(draft, words);
    case 'funnel':
      return funnel_parts(draft, draft, words);
    case 'retention':
      return retention_parts(draft, draft, words);
    case 'lifecycle':
      return lifecycle_parts(draft.ask, draft, words);
    case 'paths':
      return paths_parts(draft.ask, draft, words);
    case 'attribution':
      return attribution_parts(draft, words);
    case 'distribution':
      return fill(t, 'question.reads.distribution', {
        ...scope(draft, words),
        event: event_parts('self', draft.ask, words),
        measure: [chip('measure', measure_text(draft.ask.measure, draft.ask.event, words))],
      });
    case 'interval':
      return fill(t, 'question.reads.interval', {
        ...scope(draft, words),
        first: event_parts('first', draft.ask.first, words),
        then: event_parts('then', draft.ask.then, words),
        window: span('window', draft.ask.window, words),
      });
  }
}

// The sentence as plain words.
export function read_out(parts: Part[], language: Language): string {
  return parts.reduce((line, part) => {
    const tight = line === '' || /[，、。（「“]$/.test(line) || /^[，、。,.）」”]/.test(part.text);
    const foreign = /[A-Za-z0-9≥≤<>]$/.test(line) !== /^[A-Za-z0-9≥≤<>]/.test(part.text);
    const spaced = language === 'en' || (foreign && !/[」）]$/.test(line));
    return line + (spaced && !tight ? ' ' : '') + part.text;
  }, '');
}
