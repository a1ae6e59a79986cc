// How customers moved between the stages of a model, and how many stood where over time.

import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { StageModel, StageQuestion } from '@/api/types';
import { useLanguage, useOwnText, useT } from '@/i18n';
import { BarChart } from '@/ui/chart';
import { Panel } from '@/ui/page';
import { Loaded } from '@/ui/states';
import { date_only, day_and_month } from '@/ui/times';
import { useStageFlow } from '../api/stages';
import { PutOnBoard } from '../ask/put_on_board';
import { PeopleDrawer } from '../people/people_drawer';
import { StageMoves, useStageNames, type OpenedStage, type StagePart } from './moves';
import { asked_of_span, SpanChoice, span_of, type Span } from './span';

// The span stands in the address, so that a tile opens to its own.
function useSpan(): [Span, (span: Span) => void] {
  const [params, set_params] = useSearchParams();
  const set = (next: Span) => set_params({ within: asked_of_span[next].within }, { replace: true });
  return [span_of(params.get('within')), set];
}

export function StageFlowPanel({ model }: { model: StageModel }) {
  const t = useT();
  const own = useOwnText();
  const [span, set_span] = useSpan();
  const [opened, set_opened] = useState<OpenedStage | null>(null);
  const question: StageQuestion = { model: model.id, ...asked_of_span[span] };
  const flow = useStageFlow(question);
  const named = useStageNames(model);
  const choose = (
    <div className="row wrap">
      <SpanChoice value={span} change={set_span} />
      <PutOnBoard
        page={{ kind: 'stages', ask: question }}
        title={`${own(model.name)} · ${t('stage.flow')}`}
      />
    </div>
  );
  return (
    <>
      <Panel title={t('stage.flow')} extra={choose}>
        <Loaded of={flow} height={320}>
          {(answer) => <StageMoves answer={answer} {...named} open={set_opened} />}
        </Loaded>
      </Panel>
      <Panel title={t('stage.over_time')}>
        <Loaded of={flow} height={280}>
          {(answer) => <OverTime answer={answer} {...named} open={set_opened} />}
        </Loaded>
      </Panel>
      {opened && (
        <PeopleDrawer
          opened={{ of: { stages: question, ...opened.which }, title: opened.title }}
          about={`${own(model.name)} · ${t('stage.flow')}`}
          close={() => set_opened(null)}
        />
      )}
    </>
  );
}

function OverTime({ answer, keys, names, open }: StagePart) {
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
