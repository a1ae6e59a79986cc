// A tile whose question has a page of its own: drawn as that page draws it, and open to its people.

import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { PageQuestions } from '@/api/question_types';
import type { LeaguePart, LeagueRow } from '@/api/types';
import { useT } from '@/i18n';
import { Empty, Failure, Skeleton } from '@/ui/states';
import { AnswerUnderWay } from '@/ui/under_way';
import { Chains } from '../acquisition/chains';
import { useOriginName } from '../acquisition/origin_name';
import { useAnswer } from '../api/ask';
import { useModelOfStages } from '../api/stages';
import { ActivityDays } from '../league/activity_curve';
import { LeagueTable } from '../league/league_table';
import { useProductPeople } from '../league/product_people';
import { ProductTable } from '../league/product_table';
import type { OpenedPeople } from '../people/kept';
import { PeopleDrawer } from '../people/people_drawer';
import { address_of_page, type PageAsk } from '../question/tile';
import { ReturnsView } from '../returns/returns_view';
import { EntryFunnels } from '../screens/entry_funnels';
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
    case 'acquisition':
      return <AcquisitionTile ask={page.ask} {...rest} />;
    case 'returns':
      return <ReturnsTile ask={page.ask} {...rest} />;
    case 'products':
      return <ProductsTile ask={page.ask} {...rest} />;
    case 'activity':
      return <ActivityTile ask={page.ask} {...rest} />;
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
      {entries.data && <EntryFunnels answer={entries.data} question={ask} open={set_opened} />}
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

function AcquisitionTile({ ask, title, every_ms }: Part<'acquisition'>) {
  const t = useT();
  const origin_name = useOriginName();
  const acquisition = useAnswer('acquisition', ask, true, every_ms);
  const [opened, set_opened] = useState<OpenedPeople | null>(null);
  const { data } = acquisition;
  if (!data) return <Waiting of={acquisition} />;
  if ((data.total.people[0] ?? 0) === 0) return <Empty title={t('acquisition.empty')} />;
  return (
    <>
      <Chains
        answer={data}
        origin_name={origin_name}
        open={(which, of) => set_opened({ of: { acquisition: ask, ...which }, title: of })}
      />
      {opened && <PeopleDrawer opened={opened} about={title} close={() => set_opened(null)} />}
    </>
  );
}

function ReturnsTile({ ask, title, every_ms }: Part<'returns'>) {
  const returns = useAnswer('returns', ask, true, every_ms);
  if (!returns.data) return <Waiting of={returns} />;
  return <ReturnsView answer={returns.data} question={ask} about={title} />;
}

function ProductsTile({ ask, title, every_ms }: Part<'products'>) {
  const opened_of = useProductPeople();
  const navigate = useNavigate();
  const products = useAnswer('products', ask, true, every_ms);
  const [opened, set_opened] = useState<OpenedPeople | null>(null);
  return (
    <>
      <ProductTable
        rows={products.data?.products}
        error={products.error}
        retry={() => void products.refetch()}
        measure={ask.measure ?? 'active'}
        open={(row) =>
          void navigate(`${address_of_page({ kind: 'products', ask })}&product=${row.product.id}`)
        }
        open_people={(row, part) => set_opened(opened_of(row, part, ask))}
        action={null}
      />
      {opened && <PeopleDrawer opened={opened} about={title} close={() => set_opened(null)} />}
    </>
  );
}

function ActivityTile({ ask, title, every_ms }: Part<'activity'>) {
  const activity = useAnswer('activity', ask, true, every_ms);
  if (!activity.data) return <Waiting of={activity} />;
  return <ActivityDays answer={activity.data} question={ask} about={title} height="80%" />;
}

function Waiting({ of }: { of: { error: unknown; refetch: () => unknown } }) {
  if (of.error) return <Failure error={of.error} inline retry={() => void of.refetch()} />;
  return <Skeleton height="80%" />;
}
