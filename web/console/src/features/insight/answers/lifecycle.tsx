// Who is new, stays, returns; below zero, who fell silent.

import { useMemo } from 'react';
import type { LifecycleAnswer, LifecycleStage } from '@/api/question_types';
import { useT } from '@/i18n';
import { BarChart } from '@/ui/chart';
import { date_only, day_and_month } from '@/ui/times';
import { DayNotes } from '../annotations/day_notes';
import { useNotes } from '../annotations/marks';
import type { DraftOf } from '../question/draft';
import { FiguresTable, OpenNumber } from './figures_table';
import { useTools } from './tools';

type Props = { draft: DraftOf<'lifecycle'>; answer: LifecycleAnswer };

// From the axis outwards, with the colour of the palette.
const stages: [LifecycleStage, number][] = [
  ['current', 0],
  ['resurrected', 2],
  ['new', 4],
  ['dormant', 1],
];

export function LifecycleAnswerView({ answer }: Props) {
  const t = useT();
  const { words, small, open_people } = useTools();
  const drawn = useMemo(
    () => ({
      labels: answer.points.map((point) => day_and_month(point.at, words.language)),
      series: stages.map(([stage, colour]) => ({
        name: t(`question.stage.${stage}`),
        values: answer.points.map((point) => (stage === 'dormant' ? -point[stage] : point[stage])),
        colour,
      })),
    }),
    [answer, words, t],
  );
  const open = (at: string, stage: LifecycleStage) =>
    open_people(
      { at, stage },
      `${date_only(at, words.language)} · ${t(`question.stage.${stage}`)}`,
    );
  const units = useMemo(() => answer.points.map((point) => point.at), [answer]);
  const { notes, marks } = useNotes(units);
  return (
    <div className="stack">
      <BarChart
        {...drawn}
        marks={marks}
        stacked
        label={t('question.kind.lifecycle')}
        height={small ? '100%' : 340}
        on_pick={(at, series) => open(answer.points[at]!.at, stages[series]![0])}
      />
      {!small && <DayNotes notes={notes} />}
      {!small && <About />}
      {!small && <Table answer={answer} open={open} />}
    </div>
  );
}

function About() {
  const t = useT();
  return (
    <p className="soft small">
      {stages
        .map(([stage]) => `${t(`question.stage.${stage}`)}: ${t(`question.stage_about.${stage}`)}`)
        .join(' · ')}
    </p>
  );
}

function Table(props: {
  answer: LifecycleAnswer;
  open: (at: string, stage: LifecycleStage) => void;
}) {
  const t = useT();
  const { words } = useTools();
  const rows = [...props.answer.points].reverse().map((point) => {
    const day = date_only(point.at, words.language);
    return {
      key: point.at,
      cells: [
        day,
        ...stages.map(([stage]) => (
          <OpenNumber
            key={stage}
            value={point[stage]}
            label={`${day} ${t(`question.stage.${stage}`)}: ${point[stage]}`}
            open={() => props.open(point.at, stage)}
          />
        )),
      ],
    };
  });
  const head = [t('question.time'), ...stages.map(([stage]) => t(`question.stage.${stage}`))];
  return <FiguresTable label={t('question.kind.lifecycle')} head={head} rows={rows} />;
}
