// The products of the bank: what use each of them finds, ranked, and how each is defined.

import { PlusOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Product, ProductsQuestion } from '@/api/types';
import { CampaignReturns } from '@/features/engage/components/campaign_returns';
import { useProductResults } from '@/features/insight/api/products';
import { PutOnBoard } from '@/features/insight/ask/put_on_board';
import { ProductChoices, products_choice } from '@/features/insight/league/product_choices';
import { ProductDrawer } from '@/features/insight/league/product_drawer';
import { ProductForm } from '@/features/insight/league/product_form';
import { useProductPeople } from '@/features/insight/league/product_people';
import { ProductTable } from '@/features/insight/league/product_table';
import { unit_name } from '@/features/insight/league/units';
import type { OpenedPeople } from '@/features/insight/people/kept';
import { PeopleDrawer } from '@/features/insight/people/people_drawer';
import { useLanguage, useT } from '@/i18n';
import { useVocabulary } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { Page, Panel } from '@/ui/page';

// The whole choice stands in the address, so that a tile of a board opens to it.
function useChoice() {
  const [params, set_params] = useSearchParams();
  const set = (part: Partial<ProductsQuestion> & { product?: string }) =>
    set_params((now) => {
      for (const [name, value] of Object.entries(part))
        if (value) now.set(name, String(value));
        else now.delete(name);
      return now;
    });
  return { choice: products_choice(Object.fromEntries(params)), opened: params.get('product'), set };
}

export default function ProductsPage() {
  const t = useT();
  const { language } = useLanguage();
  const vocabulary = useVocabulary().data;
  const { choice, opened, set } = useChoice();
  const { per, at, measure, recent } = choice;
  const [edited, set_edited] = useState<Product | 'new' | null>(null);
  const [behind, set_behind] = useState<OpenedPeople | null>(null);
  const opened_of = useProductPeople();
  // A tile of the running month stays one of the running month.
  const on_board = { per, measure, ...(at === recent[0] ? {} : { at }) };
  const results = useProductResults({ per, at });
  const shown = results.data?.products.find((one) => one.product.id === opened);
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
      <ProductChoices choice={choice} change={set} />
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
