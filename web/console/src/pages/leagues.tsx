// League tables: branches, outlets and relationship managers by what their customers do with a product.

import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { LeaguePart, LeagueQuestion, LeagueRow, Product } from '@/api/types';
import { useLeague } from '@/features/insight/api/league';
import { useProducts } from '@/features/insight/api/products';
import { PutOnBoard } from '@/features/insight/ask/put_on_board';
import { ActivityCurve } from '@/features/insight/league/activity_curve';
import {
  league_choice,
  type AskedLeague,
  type LeagueChoice,
  type Units,
} from '@/features/insight/league/choice';
import { BelowUnit, LeagueChoices } from '@/features/insight/league/choices';
import { LeagueTable } from '@/features/insight/league/league_table';
import { LeagueTotal } from '@/features/insight/league/league_total';
import { product_name } from '@/features/insight/league/measures';
import { ProductGone } from '@/features/insight/league/product_select';
import { TargetForm } from '@/features/insight/league/target_form';
import { unit_name } from '@/features/insight/league/units';
import { PeopleDrawer } from '@/features/insight/people/people_drawer';
import { useLanguage, useT } from '@/i18n';
import { useNames } from '@/rule/vocabulary';
import { Page, Panel } from '@/ui/page';
import { Empty, Loaded, Loading } from '@/ui/states';

export default function LeaguesPage() {
  const t = useT();
  const products = useProducts();
  return (
    <Page title={t('league.title')} lead={t('league.lead')}>
      <Loaded of={products} height={320}>
        {({ items }) =>
          items.length === 0 ? (
            <Panel>
              <Empty
                title={t('product.empty')}
                text={t('product.empty_text')}
                action={<Link to="/insights/products">{t('product.title')}</Link>}
              />
            </Panel>
          ) : (
            <Leagues products={items} fetching={products.isFetching} />
          )
        }
      </Loaded>
    </Page>
  );
}

// The whole choice stands in the address, so that a league can be linked to.
function useChoice(products: Product[]) {
  const [params, set_params] = useSearchParams();
  const asked = Object.fromEntries(params) as AskedLeague;
  const set = (part: Partial<LeagueQuestion>) =>
    set_params((now) => {
      for (const [name, value] of Object.entries(part))
        if (value) now.set(name, String(value));
        else now.delete(name);
      return now;
    });
  return { choice: league_choice(products, asked), set };
}

type Set = ReturnType<typeof useChoice>['set'];
type Chosen = LeagueChoice & { product: Product };

function Leagues({ products, fetching }: { products: Product[]; fetching: boolean }) {
  const { choice, set } = useChoice(products);
  const { product } = choice;
  if (!product && fetching) return <Loading height={320} />;
  if (!product) return <ProductGone products={products} change={(id) => set({ product: id })} />;
  return <League products={products} choice={{ ...choice, product }} set={set} />;
}

function League({ products, choice, set }: { products: Product[]; choice: Chosen; set: Set }) {
  const t = useT();
  const names = useNames();
  const { language } = useLanguage();
  const { product, per, at, units, measure, below } = choice;
  const [opened, set_opened] = useState<{ row: LeagueRow | null; part: LeaguePart } | null>(null);
  const [aimed, set_aimed] = useState<LeagueRow | null>(null);
  const question: LeagueQuestion = {
    ...{ product: product.id, per, at, units, measure },
    ...(below ? { below } : {}),
  };
  const league = useLeague(question);
  // A tile of the running month stays one of the running month.
  const { at: _at, ...moving } = question;
  const on_board = (
    <PutOnBoard
      page={{ kind: 'league', ask: at === choice.recent[0] ? moving : question }}
      title={[
        product_name(product, language),
        t(`league.measure.${measure}`),
        below ? names.org(below) : t(`orgs.kind.${units}`),
      ].join(' · ')}
    />
  );
  const next: Partial<Record<Units, Units>> = { branch: 'outlet', outlet: 'manager' };
  const deeper = next[units];
  return (
    <div className="stack">
      <LeagueChoices products={products} choice={choice} change={set} />
      <BelowUnit choice={choice} change={set} />
      {league.data && (
        <LeagueTotal
          answer={league.data}
          offered={choice.offered}
          open={(part) => set_opened({ row: null, part })}
        />
      )}
      <Panel flush title={t('league.table')} extra={on_board}>
        <LeagueTable
          answer={league.data}
          error={league.error}
          retry={() => void league.refetch()}
          measure={measure}
          shown={choice.offered}
          open_people={(row, part) => set_opened({ row, part })}
          open_unit={deeper ? (row) => set({ units: deeper, below: row.org }) : null}
          set_target={set_aimed}
        />
      </Panel>
      <ActivityCurve
        product={product.id}
        name={[product_name(product, language), ...(below ? [names.org(below)] : [])].join(' · ')}
        org={below || undefined}
      />
      {opened && (
        <PeopleDrawer
          opened={{
            of: { league: question, part: opened.part, ...(opened.row && { org: opened.row.org }) },
            title: `${opened.row?.name ?? t('league.all')} · ${t(`league.part.${opened.part}`)}`,
          }}
          about={`${product_name(product, language)} · ${unit_name(per, at, language)}`}
          close={() => set_opened(null)}
        />
      )}
      {aimed && (
        <TargetForm
          row={aimed}
          product={product.id}
          measure={measure}
          unit={{ per, at }}
          close={() => set_aimed(null)}
        />
      )}
    </div>
  );
}
