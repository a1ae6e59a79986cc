// League tables: branches, outlets and relationship managers by what their customers do with a product.

import { Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { LeagueMeasure, LeaguePart, LeagueQuestion, LeagueRow, Product } from '@/api/types';
import { useLeague } from '@/features/insight/api/league';
import { useProducts } from '@/features/insight/api/products';
import { PutOnBoard } from '@/features/insight/ask/put_on_board';
import { ActivityCurve } from '@/features/insight/league/activity_curve';
import { LeagueTable } from '@/features/insight/league/league_table';
import { LeagueTotal } from '@/features/insight/league/league_total';
import { measures_of, product_name } from '@/features/insight/league/measures';
import { LeaguePeople } from '@/features/insight/league/people';
import { TargetForm } from '@/features/insight/league/target_form';
import { units_offered, unit_name, type Per } from '@/features/insight/league/units';
import { useLanguage, useT } from '@/i18n';
import { useNames } from '@/rule/vocabulary';
import { Page, Panel } from '@/ui/page';
import { Empty, Loaded } from '@/ui/states';

type Units = NonNullable<LeagueQuestion['units']>;
const kinds: Units[] = ['branch', 'outlet', 'manager'];
const pers: Per[] = ['day', 'week', 'month'];

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
            <Leagues products={items} />
          )
        }
      </Loaded>
    </Page>
  );
}

// The whole choice stands in the address, so that a league can be linked to.
function useChoice(products: Product[]) {
  const [params, set_params] = useSearchParams();
  const product = products.find((one) => one.id === params.get('product')) ?? products[0]!;
  const per = pers.find((one) => one === params.get('per')) ?? 'month';
  const asked = params.get('at');
  const recent = useMemo(() => units_offered(per, asked), [per, asked]);
  const at = recent.find((one) => one === asked) ?? recent[0]!;
  const units = kinds.find((one) => one === params.get('units')) ?? 'branch';
  const offered = measures_of(product);
  const measure: LeagueMeasure = offered.find((one) => one === params.get('measure')) ?? 'active';
  const below = params.get('below') ?? '';
  const set = (part: Record<string, string>) =>
    set_params((now) => {
      for (const [name, value] of Object.entries(part))
        if (value) now.set(name, value);
        else now.delete(name);
      return now;
    });
  return { product, per, at, units, measure, offered, below, recent, set };
}

function Leagues({ products }: { products: Product[] }) {
  const t = useT();
  const names = useNames();
  const { language } = useLanguage();
  const choice = useChoice(products);
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
      <Choices products={products} choice={choice} />
      {below && (
        <p className="row">
          <span className="soft">{t('league.below', { unit: names.org(below) })}</span>
          <button
            type="button"
            className="link-button"
            onClick={() => choice.set({ below: '', units: 'branch' })}
          >
            {t('league.whole_bank')}
          </button>
        </p>
      )}
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
          open_unit={deeper ? (row) => choice.set({ units: deeper, below: row.org }) : null}
          set_target={set_aimed}
        />
      </Panel>
      <ActivityCurve product={product.id} org={below || undefined} />
      {opened && (
        <LeaguePeople
          of={{ league: question, part: opened.part, ...(opened.row && { org: opened.row.org }) }}
          title={`${opened.row?.name ?? t('league.all')} · ${t(`league.part.${opened.part}`)}`}
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

function Choices(props: { products: Product[]; choice: ReturnType<typeof useChoice> }) {
  const t = useT();
  const { language } = useLanguage();
  const { choice } = props;
  const { product, per, at, units, measure, offered, recent, set } = choice;
  return (
    <div className="bar" style={{ marginBottom: 0 }}>
      <Select
        style={{ width: 160 }}
        aria-label={t('product.one')}
        value={product.id}
        options={props.products.map((one) => ({
          value: one.id,
          label: product_name(one, language),
        }))}
        onChange={(id: string) => set({ product: id })}
      />
      <Segmented<Per>
        aria-label={t('league.per')}
        value={per}
        options={pers.map((one) => ({ value: one, label: t(`league.per.${one}`) }))}
        onChange={(value) => set({ per: value, at: '' })}
      />
      <Select
        style={{ width: 190 }}
        aria-label={t('league.when')}
        value={at}
        options={recent.map((one, i) => ({
          value: one,
          label: `${unit_name(per, one, language)}${i === 0 ? t('league.running_mark') : ''}`,
        }))}
        onChange={(value: string) => set({ at: value })}
      />
      <Segmented<Units>
        aria-label={t('league.units')}
        value={units}
        options={kinds.map((one) => ({ value: one, label: t(`orgs.kind.${one}`) }))}
        onChange={(value) => set({ units: value })}
      />
      <Select<LeagueMeasure>
        style={{ width: 190 }}
        aria-label={t('league.by')}
        value={measure}
        options={offered.map((one) => ({ value: one, label: t(`league.measure.${one}`) }))}
        onChange={(value) => set({ measure: value })}
      />
    </div>
  );
}
