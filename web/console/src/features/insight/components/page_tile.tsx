// A tile whose question has a page of its own: drawn as that page draws it, and open to its people.

import { useState } from 'react';
import type { PageQuestions } from '@/api/question_types';
import type { LeaguePart, LeagueRow } from '@/api/types';
import { useT } from '@/i18n';
import { Failure, Skeleton } from '@/ui/states';
import { AnswerUnderWay } from '@/ui/under_way';
import { useAnswer } from '../api/ask';
import { useModelOfStages } from '../api/stages';
import { LeagueTable } from '../league/league_table';
import type { OpenedPeople } from '../people/kept';
import { PeopleDrawer } from '../people/people_drawer';
import type { PageAsk } from '../question/tile';
import { EntryTable } from '../screens/entry_table';
import { StageMoves, useStageNames, type OpenedStage } from '../stages/moves';

type Props = { page: PageAsk; title: string; every_ms: number };
type Part<K extends keyof PageQuestions> = Omit<Props, 'page'> & { ask: PageQuestions[K] };

export function PageTile(props: Props) {
  return (
    <>
      <AnswerUnderWay kind={props.page.kind} question={props.page.ask} />
      <PageAnswer {...props} />
    </>
  );
}

function PageAnswer({ page, ...rest }: Props) {
  switch (page.kind) {
    case 'league':
      return <LeagueTile ask={page.ask} {...rest} />;
    case 'entries':
      return <EntriesTile ask={page.ask} {...rest} />;
    case 'stages':
      return <StagesTile ask={page.ask} {...rest} />;
  }
}

function LeagueTile({ ask, title, every_ms }: Part<'league'>) {
  const t = useT();
  const league = useAnswer('league', ask, true, every_ms);
  const [opened, set_opened] = useState<{ row: LeagueRow | null; part: LeaguePart } | null>(null);
  const measure = ask.measure ?? 'active';
  return (
    <>
      <LeagueTable
        answer={league.data}
        error={league.error}
        retry={() => void league.refetch()}
        measure={measure}
        shown={[measure]}
        open_people={(row, part) => set_opened({ row, part })}
        open_unit={null}
        set_target={null}
      />
      {opened && (
        <PeopleDrawer
          opened={{
            of: { league: ask, part: opened.part, ...(opened.row && { org: opened.row.org }) },
            title: `${opened.row?.name ?? t('league.all')} · ${t(`league.part.${opened.part}`)}`,
          }}
          about={title}
          close={() => set_opened(null)}
        />
      )}
    </>
  );
}

function EntriesTile({ ask, title, every_ms }: Part<'entries'>) {
  const entries = useAnswer('entries', ask, true, every_ms);
  const [opened, set_opened] = useState<OpenedPeople | null>(null);
  return (
    <>
      <EntryTable
        {...{ question: ask, answer: entries.data, error: entries.error, open: set_opened }}
        retry={() => void entries.refetch()}
      />
      {opened && <PeopleDrawer opened={opened} about={title} close={() => set_opened(null)} />}
    </>
  );
}

function StagesTile({ ask, title, every_ms }: Part<'stages'>) {
  const flow = useAnswer('stages', ask, true, every_ms);
  const model = useModelOfStages(ask.model, flow.dataUpdatedAt);
  const named = useStageNames(model.data);
  const [opened, set_opened] = useState<OpenedStage | null>(null);
  const error = (model.data ? null : model.error) ?? (flow.data ? null : flow.error);
  if (error) return <Failure error={error} inline retry={() => void flow.refetch()} />;
  if (!flow.data || !model.data) return <Skeleton height="80%" />;
  return (
    <>
      <StageMoves answer={flow.data} {...named} open={set_opened} small />
      {opened && (
        <PeopleDrawer
          opened={{ of: { stages: ask, ...opened.which }, title: opened.title }}
          about={title}
          close={() => set_opened(null)}
        />
      )}
    </>
  );
}
