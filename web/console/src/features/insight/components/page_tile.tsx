// A tile whose question has a page of its own: drawn as that page draws it, and open to its people.

import { useState } from 'react';
import type { PageQuestions } from '@/api/question_types';
import type { LeaguePart, LeagueRow } from '@/api/types';
import { useT } from '@/i18n';
import { Failure, Skeleton } from '@/ui/states';
import { useAnswer } from '../api/ask';
import { useModelOfStages } from '../api/stages';
import { LeagueTable } from '../league/league_table';
import { LeaguePeople } from '../league/people';
import type { PageAsk } from '../question/tile';
import { EntryTable } from '../screens/entry_table';
import { PeopleDrawer, type Opened } from '../screens/people';
import { StageMoves, StagePeople, useStageNames, type OpenedStage } from '../stages/moves';

type Props = { page: PageAsk; every_ms: number };
type Part<K extends keyof PageQuestions> = { ask: PageQuestions[K]; every_ms: number };

export function PageTile({ page, every_ms }: Props) {
  switch (page.kind) {
    case 'league':
      return <LeagueTile ask={page.ask} every_ms={every_ms} />;
    case 'entries':
      return <EntriesTile ask={page.ask} every_ms={every_ms} />;
    case 'stages':
      return <StagesTile ask={page.ask} every_ms={every_ms} />;
  }
}

function LeagueTile({ ask, every_ms }: Part<'league'>) {
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
        <LeaguePeople
          of={{ league: ask, part: opened.part, ...(opened.row && { org: opened.row.org }) }}
          title={`${opened.row?.name ?? t('league.all')} · ${t(`league.part.${opened.part}`)}`}
          close={() => set_opened(null)}
        />
      )}
    </>
  );
}

function EntriesTile({ ask, every_ms }: Part<'entries'>) {
  const entries = useAnswer('entries', ask, true, every_ms);
  const [opened, set_opened] = useState<Opened | null>(null);
  return (
    <>
      <EntryTable
        {...{ question: ask, answer: entries.data, error: entries.error, open: set_opened }}
        retry={() => void entries.refetch()}
      />
      {opened && <PeopleDrawer opened={opened} close={() => set_opened(null)} />}
    </>
  );
}

function StagesTile({ ask, every_ms }: Part<'stages'>) {
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
      {opened && <StagePeople question={ask} opened={opened} close={() => set_opened(null)} />}
    </>
  );
}
