// How far people came in a sequence, and which steps it has.

import { Button, Select } from 'antd';
import { useT } from '@/i18n';
import type { SequenceRule } from '@/rule/types';
import type { Change } from './chip_editor';

type Props = { leaf: SequenceRule; change: Change; done: () => void };

export function ReachedEditor({ leaf, change, done }: Props) {
  const t = useT();
  const steps = leaf.sequence.length;
  const options = [
    { value: `gte:${steps}`, label: t('builder.reached.all') },
    ...Array.from({ length: steps - 1 }, (_, i) => ({
      value: `eq:${i + 1}`,
      label: t('builder.reached.stopped', { step: i + 1 }),
    })),
    ...Array.from({ length: steps - 1 }, (_, i) => ({
      value: `gte:${i + 1}`,
      label: t('builder.reached.at_least', { step: i + 1 }),
    })),
    { value: 'lt:1', label: t('builder.reached.none') },
  ];
  const set = (chosen: string) => {
    const [op, reached] = chosen.split(':');
    change({ ...leaf, op: op as SequenceRule['op'], reached: Number(reached) }, false);
  };
  const drop_step = () => {
    const sequence = leaf.sequence.slice(0, -1);
    const reached = typeof leaf.reached === 'number' ? leaf.reached : sequence.length;
    change({ ...leaf, sequence, reached: Math.min(reached, sequence.length) }, true);
  };
  const current =
    leaf.op === 'eq' && leaf.reached === steps ? `gte:${steps}` : `${leaf.op}:${leaf.reached}`;
  return (
    <div className="chip-form">
      <Select
        style={{ width: '100%' }}
        aria-label={t('builder.reached')}
        value={current}
        options={options}
        onChange={set}
      />
      <div className="row between">
        <Button size="small" type="text" disabled={steps <= 2} onClick={drop_step}>
          {t('builder.drop_step')}
        </Button>
        <Button type="primary" size="small" onClick={done}>
          {t('ui.done')}
        </Button>
      </div>
    </div>
  );
}
