// How customers moved between the stages of a model, and how many stood where over time.

import { Drawer, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import type { StageAnswer, StageModel, StageQuestion } from '@/api/types';
import { useLanguage, useOwnText, useT } from '@/i18n';
import { BarChart, FlowChart } from '@/ui/chart';
import { Panel } from '@/ui/page';
import { Empty, Guard, Loaded } from '@/ui/states';
import { date_only, day_and_month } from '@/ui/times';
import { no_stage, useStageFlow, useStagePeople, type PeopleInStage } from '../api/stages';
import { FoundPeople } from '../components/found_people';
import { drawn_flow, keys_of } from './flow';

const spans = { month: '30d', quarter: '90d' } as const;
type Span = keyof typeof spans;
const pers: Record<Span, StageQuestion['per']> = { month: 'day', quarter: 'week' };

type Opened = { which: PeopleInStage; title: string };

export function StageFlowPanel({ model }: { model: StageModel }) {
  const t = useT();
  const own = useOwnText();
  const [span, set_span] = useState<Span>('month');
  const [opened, set_opened] = useState<Opened | null>(null);
  const question: StageQuestion = { model: model.id, within: spans[span], per: pers[span] };
  const flow = useStageFlow(question);
  const keys = keys_of(model);
  const names = keys.map((key) =>
    key === no_stage ? t('stage.none') : own(model.stages.find((one) => one.key === key)!.name),
  );
  const choose = (
    <Segmented<Span>
      aria-label={t('stage.span')}
      value={span}
      options={(Object.keys(spans) as Span[]).map((one) => ({
        value: one,
        label: t(`stage.span.${one}`),
      }))}
      onChange={set_span}
    />
  );
  return (
    <>
      <Panel title={t('stage.flow')} extra={choose}>
        <Loaded of={flow} height={320}>
          {(answer) => <Flow answer={answer} keys={keys} names={names} open={set_opened} />}
        </Loaded>
      </Panel>
      <Panel title={t('stage.over_time')}>
        <Loaded of={flow} height={280}>
          {(answer) => <OverTime answer={answer} keys={keys} names={names} open={set_opened} />}
        </Loaded>
      </Panel>
      {opened && (
        <StagePeople question={question} opened={opened} close={() => set_opened(null)} />
      )}
    </>
  );
}

type Part = {
  answer: StageAnswer;
  keys: string[];
  names: string[];
  open: (opened: Opened) => void;
};

function Flow({ answer, keys, names, open }: Part) {
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
      <p className="soft small">
        {t('stage.flow_text', {
          from: date_only(first.moment, language),
          to: date_only(last.moment, language),
        })}
      </p>
      <FlowChart {...drawn} in_order label={t('stage.flow')} height={320} on_pick={pick} />
    </>
  );
}

function OverTime({ answer, keys, names, open }: Part) {
  const t = useT();
  const { language } = useLanguage();
  // Those in no stage are left out: they would dwarf the others.
  const drawn = useMemo(
    () => ({
      labels: answer.points.map((point) => day_and_month(point.moment, language)),
      series: keys.slice(0, -1).map((_, stage) => ({
        name: names[stage]!,
        values: answer.points.map((point) => point.people[stage]!),
        colour: stage,
      })),
    }),
    [answer, keys, names, language],
  );
  return (
    <BarChart
      {...drawn}
      stacked
      label={t('stage.over_time')}
      height={280}
      on_pick={(at, stage) => {
        const point = answer.points[at]!;
        open({
          which: { at: point.at, to_stage: keys[stage] },
          title: `${names[stage]} · ${date_only(point.moment, language)}`,
        });
      }}
    />
  );
}

function StagePeople(props: { question: StageQuestion; opened: Opened; close: () => void }) {
  return (
    <Drawer open onClose={props.close} title={props.opened.title} size={720}>
      <Guard permission="view_customers">
        <People question={props.question} which={props.opened.which} />
      </Guard>
    </Drawer>
  );
}

function People(props: { question: StageQuestion; which: PeopleInStage }) {
  return <FoundPeople found={useStagePeople(props.question, props.which)} />;
}
