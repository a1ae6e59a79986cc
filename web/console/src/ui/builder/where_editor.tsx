// A condition on a property of the event of a rule ("channel is app").

import type { EventRule, Where } from '@/rule/types';
import type { Change } from './chip_editor';
import { useOffered } from './context';
import { WhereFields } from './where_fields';

type Props = { leaf: EventRule; index: number; change: Change; done: () => void };

export function WhereEditor({ leaf, index, change, done }: Props) {
  const vocabulary = useOffered();
  const wheres = leaf.where ?? [];
  const where = wheres[index];
  if (!where) return null;
  const properties = vocabulary.events.find((one) => one.name === leaf.event)?.properties ?? [];
  const set = (next: Where | null) => {
    const list = wheres.flatMap((one, i) => (i !== index ? [one] : next ? [next] : []));
    const { where: _old, ...rest } = leaf;
    change(list.length ? { ...rest, where: list } : rest, next === null);
  };
  return <WhereFields properties={properties} where={where} set={set} done={done} />;
}
