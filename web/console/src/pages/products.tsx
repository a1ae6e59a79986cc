// The products of the bank: what use each of them finds, ranked, and how each is defined.

import { PlusOutlined } from '@ant-design/icons';
import { Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { LeagueMeasure, Product } from '@/api/types';
import { CampaignReturns } from '@/features/engage/components/campaign_returns';
import { useProductResults } from '@/features/insight/api/products';
import { PutOnBoard } from '@/features/insight/ask/put_on_board';
import { ProductDrawer } from '@/features/insight/league/product_drawer';
import { ProductForm } from '@/features/insight/league/product_form';
import { useProductPeople } from '@/features/insight/league/product_people';
import { ProductTable, product_measures } from '@/features/insight/league/product_table';
import { unit_name, units_offered, type Per } from '@/features/insight/league/units';
import type { OpenedPeople } from '@/features/insight/people/kept';
import { PeopleDrawer } from '@/features/insight/people/people_drawer';
import { useLanguage, useT } from '@/i18n';
import { useVocabulary } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { Page, Panel } from '@/ui/page';

const pers: Per[] = ['day', 'week', 'month'];

// The whole choice stands in the address, so that a tile of a board opens to it.
function useChoice() {
  const [params, set_params] = useSearchParams();
  const per = pers.find((one) => one === params.get('per')) ?? 'month';
  const asked = params.get('at');
  const recent = useMemo(() => units_offered(per, asked), [per, asked]);
  const at = recent.find((one) => one === asked) ?? recent[0]!;
  const measure = product_measures.find((one) => one === params.get('measure')) ?? 'active';
  const set = (part: Record<string, string>) =>
    set_params((now) => {
      for (const [name, value] of Object.entries(part))
        if (value) now.set(name, value);
        else now.delete(name);
      return now;
    });
  return { per, at, measure, recent, product: params.get('product'), set };
}

export default function ProductsPage() {
  const t = useT();
  const { language } = useLanguage();
  const vocabulary = useVocabulary().data;
  const choice = useChoice();
  const { per, at, measure, recent, set } = choice;
  const [edited, set_edited] = useState<Product | 'new' | null>(null);
  const [behind, set_behind] = useState<OpenedPeople | null>(null);
  const opened_of = useProductPeople();
  // A tile of the running month stays one of the running month.
  const on_board = { per, measure, ...(at === recent[0] ? {} : { at }) };
  const results = useProductResults({ per, at });
  const shown = results.data?.products.find((one) => one.product.id === choice.product);
  const make = (
    <Act
      may="edit_dictionary"
      type="primary"
      icon={<PlusOutlined />}
      onClick={() => set_edited('new')}
    >
      {t('product.new')}
    </Act>
  );
  return (
    <Page
      title={t('product.title')}
      lead={t('product.lead')}
      actions={(results.data?.products.length ?? 0) > 0 && make}
    >
      <Choices choice={choice} />
      <Panel
        flush
        title={t('product.ranked')}
        extra={
          <PutOnBoard
            page={{ kind: 'products', ask: on_board }}
            title={`${t('product.title')} · ${t(`league.measure.${measure}`)}`}
          />
        }
      >
        <ProductTable
          rows={results.data?.products}
          error={results.error}
          retry={() => void results.refetch()}
          measure={measure}
          open={(result) => set({ product: result.product.id })}
          open_people={(row, part) => set_behind(opened_of(row, part, { per, at }))}
          action={make}
        />
      </Panel>
      {behind && (
        <PeopleDrawer
          opened={behind}
          about={`${t('product.title')} · ${unit_name(per, at, language)}`}
          close={() => set_behind(null)}
        />
      )}
      {shown && results.data && (
        <ProductDrawer
          result={shown}
          unit={results.data.unit}
          campaigns={
            <CampaignReturns
              events={(shown.product.transactions ?? []).map((one) => one.event)}
            />
          }
          edit={() => {
            set_edited(shown.product);
            set({ product: '' });
          }}
          close={() => set({ product: '' })}
        />
      )}
      {edited && vocabulary && (
        <ProductForm
          product={edited === 'new' ? null : edited}
          vocabulary={vocabulary}
          close={() => set_edited(null)}
        />
      )}
    </Page>
  );
}

function Choices({ choice }: { choice: ReturnType<typeof useChoice> }) {
  const t = useT();
  const { language } = useLanguage();
  const { per, at, measure, recent, set } = choice;
  return (
    <div className="bar">
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
      <Select<LeagueMeasure>
        style={{ width: 190 }}
        aria-label={t('league.by')}
        value={measure}
        options={product_measures.map((one) => ({
          value: one,
          label: t(`league.measure.${one}`),
        }))}
        onChange={(value) => set({ measure: value })}
      />
    </div>
  );
}
