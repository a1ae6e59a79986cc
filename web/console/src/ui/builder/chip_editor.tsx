// What opens when a chip is clicked.

import { useLanguage, useT, named } from '@/i18n';
import { scores_of } from '@/rule/names';
import type { Leaf, TagOp } from '@/rule/types';
import type { Slot } from '@/rule/tokens';
import { PickList, type PickOption } from '@/ui/pick_list';
import { ops_for, ScoreEditor, TagCompareEditor } from './compare_editor';
import { useOffered } from './context';
import { MeasureEditor } from './measure_editor';
import { DurationEditor, PeriodEditor } from './period_editor';
import { ReachedEditor } from './reached_editor';
import { WhereEditor } from './where_editor';

export type Change = (leaf: Leaf, settled: boolean) => void;
type Props = { slot: Slot; index?: number; leaf: Leaf; change: Change; done: () => void };

export function ChipEditor(props: Props) {
  const { slot, leaf, change, index = 0 } = props;
  if (slot === 'period' && ('event' in leaf || 'sequence' in leaf)) {
    return (
      <PeriodEditor
        period={leaf}
        change={(period) => change({ ...leaf, ...period } as Leaf, false)}
        done={props.done}
      />
    );
  }
  if (slot === 'where' && 'event' in leaf)
    return <WhereEditor leaf={leaf} index={index} change={change} done={props.done} />;
  if (slot === 'compare' && 'event' in leaf)
    return <MeasureEditor leaf={leaf} change={change} done={props.done} />;
  if (slot === 'compare' && 'tag' in leaf)
    return <TagCompareEditor leaf={leaf} change={change} done={props.done} />;
  if (slot === 'compare' && 'score' in leaf)
    return <ScoreEditor leaf={leaf} change={change} done={props.done} />;
  if (slot === 'window' && 'sequence' in leaf) {
    return (
      <DurationEditor
        value={leaf.window ?? '1d'}
        change={(window) => change({ ...leaf, window }, false)}
        done={props.done}
      />
    );
  }
  if (slot === 'reached' && 'sequence' in leaf)
    return <ReachedEditor leaf={leaf} change={change} done={props.done} />;
  return <NamePicker {...props} />;
}

function NamePicker({ slot, index = 0, leaf, change }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const vocabulary = useOffered();
  const called = (
    things: { name: string; name_zh?: string; name_en?: string }[] = [],
  ): PickOption[] => things.map((thing) => ({ value: thing.name, label: named(language, thing) }));
  const step_event = 'sequence' in leaf ? leaf.sequence[index]?.event : undefined;
  const choices: Partial<Record<Slot, PickOption[]>> = {
    tag: called(vocabulary.tags),
    event: called(vocabulary.events),
    step: called(vocabulary.events),
    consent: called(vocabulary.consents),
    identity: called(vocabulary.identities),
    score: called(scores_of(vocabulary)),
    audience: vocabulary.audiences.map((one) => ({ value: one.id, label: one.name })),
    org: vocabulary.orgs.map((org) => ({ value: org.code, label: org.name, detail: org.code })),
  };
  // A number is mostly compared by "at least", a word by "is": the type of the tag says which.
  const usual_op = (tag: string) =>
    ops_for(vocabulary.tags.find((one) => one.name === tag)?.type)[0]!;
  const current = slot === 'step' ? step_event : (leaf as Record<string, unknown>)[slot];
  return (
    <PickList
      options={choices[slot] ?? []}
      value={typeof current === 'string' ? current : undefined}
      label={t('builder.pick_label')}
      on_pick={(value) => change(picked(leaf, slot, index, value, usual_op(value)), true)}
    />
  );
}

// Another tag or event may have other values, so the old comparison goes with the old name.
function picked(leaf: Leaf, slot: Slot, index: number, value: string, op: TagOp): Leaf {
  if ('tag' in leaf) return leaf.tag === value ? leaf : { tag: value, op };
  if ('event' in leaf) {
    if (leaf.event === value) return leaf;
    const { where: _where, measure: _measure, ...kept } = leaf;
    return leaf.measure ? { event: value, within: leaf.within } : { ...kept, event: value };
  }
  if ('sequence' in leaf) {
    const sequence = leaf.sequence.map((step, i) => (i === index ? { event: value } : step));
    return { ...leaf, sequence };
  }
  return { ...leaf, [slot]: value } as Leaf;
}
