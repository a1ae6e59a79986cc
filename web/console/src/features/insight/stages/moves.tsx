// The moves between the stages of a model as a chart, which opens to the people behind it.

import { useMemo } from 'react';
import type { StageAnswer, StageModel } from '@/api/types';
import { own_text, useLanguage, useT } from '@/i18n';
import { FlowChart } from '@/ui/chart';
import { Empty } from '@/ui/states';
import { date_only } from '@/ui/times';
import { no_stage, type PeopleInStage } from '../api/stages';
import { drawn_flow, keys_of } from './flow';

export type OpenedStage = { which: PeopleInStage; title: string };
export type StageNames = { keys: string[]; names: string[] };
export type StagePart = StageNames & {
  answer: StageAnswer;
  open: (opened: OpenedStage) => void;
};

// Of the stages in the answer's order.
export function useStageNames(model: StageModel | undefined): StageNames {
  const t = useT();
  const { language } = useLanguage();
  return useMemo(() => {
    if (!model) return { keys: [], names: [] };
    const keys = keys_of(model);
    const stage = (key: string) => model.stages.find((one) => one.key === key)!;
    const name_of = (key: string) =>
      key === no_stage ? t('stage.none') : own_text(stage(key).name, language);
    return { keys, names: keys.map(name_of) };
  }, [model, t, language]);
}

// `small`: in a tile, the chart alone.
export function StageMoves({ answer, keys, names, open, small }: StagePart & { small?: boolean }) {
  const t = useT();
  const { language } = useLanguage();
  const drawn = useMemo(() => drawn_flow(answer, keys, names), [answer, keys, names]);
  const name_of = (key: string) => names[keys.indexOf(key)] ?? key;
  const [first, last] = [answer.points[0], answer.points.at(-1)];
  if (!first || !last || drawn.flows.length === 0) return <Empty title={t('stage.no_moves')} />;
  const pick = (picked: { node: string } | { source: string; target: string }) => {
    if ('node' in picked) {
      const [side, key] = picked.node.split(' ') as ['from' | 'to', string];
      open({ which: { [`${side}_stage`]: key }, title: name_of(key) });
      return;
    }
    const [from, to] = [picked.source.split(' ')[1]!, picked.target.split(' ')[1]!];
    open({ which: { from_stage: from, to_stage: to }, title: `${name_of(from)} → ${name_of(to)}` });
  };
  return (
    <>
      {!small && (
        <p className="soft small">
          {t('stage.flow_text', {
            from: date_only(first.moment, language),
            to: date_only(last.moment, language),
          })}
        </p>
      )}
      <FlowChart
        {...drawn}
        in_order
        fit={small}
        label={t('stage.flow')}
        height={small ? '100%' : 320}
        on_pick={pick}
      />
    </>
  );
}
