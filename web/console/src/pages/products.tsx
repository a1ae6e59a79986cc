// The products of the bank: what use each of them finds, ranked, and how each is defined.

import { PlusOutlined } from '@ant-design/icons';
import { Segmented, Select } from 'antd';
import { useMemo, useState } from 'react';
import type { LeagueMeasure, Product } from '@/api/types';
import { CampaignReturns } from '@/features/engage/components/campaign_returns';
import { useProductResults } from '@/features/insight/api/products';
import { ProductDrawer } from '@/features/insight/league/product_drawer';
import { ProductForm } from '@/features/insight/league/product_form';
import { ProductTable, product_measures } from '@/features/insight/league/product_table';
import { recent_units, unit_name, type Per } from '@/features/insight/league/units';
import { useLanguage, useT } from '@/i18n';
import { useVocabulary } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { Page, Panel } from '@/ui/page';

const pers: Per[] = ['day', 'week', 'month'];

export default function ProductsPage() {
  const t = useT();
  const { language } = useLanguage();
  const vocabulary = useVocabulary().data;
  const [per, set_per] = useState<Per>('month');
  const recent = useMemo(() => recent_units(per), [per]);
  const [wanted, set_wanted] = useState('');
  const at = recent.find((one) => one === wanted) ?? recent[0]!;
  const [measure, set_measure] = useState<LeagueMeasure>('active');
  const [opened, set_opened] = useState<string | null>(null);
  const [edited, set_edited] = useState<Product | 'new' | null>(null);
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
      <div className="bar">
        <Segmented<Per>
          aria-label={t('league.per')}
          value={per}
          options={pers.map((one) => ({ value: one, label: t(`league.per.${one}`) }))}
          onChange={set_per}
        />
        <Select
          style={{ width: 190 }}
          aria-label={t('league.when')}
          value={at}
          options={recent.map((one, i) => ({
            value: one,
            label: `${unit_name(per, one, language)}${i === 0 ? t('league.running_mark') : ''}`,
          }))}
          onChange={set_wanted}
        />
        <Select<LeagueMeasure>
          style={{ width: 190 }}
          aria-label={t('league.by')}
          value={measure}
          options={product_measures.map((one) => ({
            value: one,
            label: t(`league.measure.${one}`),
          }))}
          onChange={set_measure}
        />
      </div>
      <Panel flush>
        <ProductTable
          rows={results.data?.products}
          error={results.error}
          retry={() => void results.refetch()}
          measure={measure}
          open={(result) => set_opened(result.product.id)}
          action={make}
        />
      </Panel>
      {shown && (
        <ProductDrawer
          result={shown}
          campaigns={
            <CampaignReturns
              events={(shown.product.transactions ?? []).map((one) => one.event)}
            />
          }
          edit={() => {
            set_edited(shown.product);
            set_opened(null);
          }}
          close={() => set_opened(null)}
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
