// Entries: of each slot, channel, link or branch, how far people get from seeing it to being done.

import { Select } from 'antd';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { EntriesQuestion, Product, Vocabulary } from '@/api/types';
import { useProducts } from '@/features/insight/api/products';
import { useEntries } from '@/features/insight/api/screens';
import { PutOnBoard } from '@/features/insight/ask/put_on_board';
import { product_name } from '@/features/insight/league/measures';
import { EntryTable } from '@/features/insight/screens/entry_table';
import { PeopleDrawer, type Opened } from '@/features/insight/screens/people';
import { PeriodSelect, within_of } from '@/features/insight/screens/period';
import { named, useLanguage, useT } from '@/i18n';
import { useVocabulary } from '@/rule/vocabulary';
import { Page, Panel } from '@/ui/page';
import { Empty, Loaded } from '@/ui/states';

const windows = ['1h', '1d', '7d'] as const;
const units = ['branch', 'outlet', 'manager'] as const;

export default function EntriesPage() {
  const t = useT();
  const products = useProducts();
  const vocabulary = useVocabulary();
  return (
    <Page title={t('entry.title')} lead={t('entry.lead')}>
      <Loaded of={products} height={320}>
        {({ items }) => {
          const asked = items.filter((one) => (one.steps?.length ?? 0) >= 2);
          return asked.length ? (
            <Loaded of={vocabulary} height={320}>
              {(words) => <Entries products={asked} vocabulary={words} />}
            </Loaded>
          ) : (
            <Panel>
              <Empty
                title={t('entry.no_product')}
                text={t('entry.no_product_text')}
                action={<Link to="/insights/products">{t('product.title')}</Link>}
              />
            </Panel>
          );
        }}
      </Loaded>
    </Page>
  );
}

type Props = { products: Product[]; vocabulary: Vocabulary };

// The whole choice stands in the address.
function useChoice({ products }: Props) {
  const [params, set_params] = useSearchParams();
  const set = (part: Record<string, string>) =>
    set_params((now) => {
      for (const [name, value] of Object.entries(part)) now.set(name, value);
      return now;
    });
  return {
    product: products.find((one) => one.id === params.get('product')) ?? products[0]!,
    by: params.get('by') ?? 'slot',
    window: windows.find((one) => one === params.get('window')) ?? '1d',
    within: within_of(params.get('within') ?? ''),
    set,
  };
}

function Entries(props: Props) {
  const t = useT();
  const { language } = useLanguage();
  const choice = useChoice(props);
  const [opened, set_opened] = useState<Opened | null>(null);
  const { product, by, window, within } = choice;
  const question: EntriesQuestion = { product: product.id, by: [by], window, within };
  const entries = useEntries(question);
  const title = t('entry.table', { product: product_name(product, language) });
  return (
    <div className="stack">
      <Choices {...props} choice={choice} />
      <Panel
        flush
        title={title}
        extra={<PutOnBoard page={{ kind: 'entries', ask: question }} title={title} />}
      >
        <p className="soft small panel-note">{t('entry.table_hint')}</p>
        <EntryTable
          {...{ question, answer: entries.data, error: entries.error, open: set_opened }}
          retry={() => void entries.refetch()}
        />
        {(entries.data?.left_out ?? 0) > 0 && (
          <p className="soft small panel-note">
            {t('entry.left_out', { count: entries.data!.left_out })}
          </p>
        )}
      </Panel>
      {opened && <PeopleDrawer opened={opened} close={() => set_opened(null)} />}
    </div>
  );
}

function Choices(props: Props & { choice: ReturnType<typeof useChoice> }) {
  const t = useT();
  const { language } = useLanguage();
  const { choice } = props;
  return (
    <div className="bar" style={{ marginBottom: 0 }}>
      <Select
        style={{ width: 160 }}
        aria-label={t('product.one')}
        value={choice.product.id}
        options={props.products.map((one) => ({
          value: one.id,
          label: product_name(one, language),
        }))}
        onChange={(product: string) => choice.set({ product })}
      />
      <Select
        style={{ width: 190 }}
        aria-label={t('entry.by')}
        showSearch={{ optionFilterProp: 'label' }}
        value={choice.by}
        options={useKinds(props.vocabulary)}
        onChange={(by: string) => choice.set({ by })}
      />
      <Select
        style={{ width: 180 }}
        aria-label={t('entry.window')}
        value={choice.window}
        options={windows.map((one) => ({ value: one, label: t(`entry.window.${one}`) }))}
        onChange={(window: string) => choice.set({ window })}
      />
      <PeriodSelect value={choice.within} change={(within) => choice.set({ within })} />
    </div>
  );
}

// What an entry may be: a text of the exposure, a unit of the bank, a tag.
function useKinds(vocabulary: Vocabulary) {
  const t = useT();
  const { language } = useLanguage();
  const of_exposure = vocabulary.events.find((one) => one.name === 'exposure')?.properties ?? [];
  const texts = (list: Vocabulary['tags'], prefix = '') =>
    list
      .filter((one) => one.type === 'string')
      .map((one) => ({ value: prefix + one.name, label: named(language, one) }));
  return [
    { label: t('entry.by_property'), options: texts(of_exposure) },
    {
      label: t('entry.by_unit'),
      options: units.map((one) => ({ value: `$${one}`, label: t(`entry.unit.${one}`) })),
    },
    { label: t('entry.by_tag'), options: texts(vocabulary.tags, 'tag:') },
  ];
}
