// Entries: of each slot, channel, link or branch, how far people get from seeing it to being done.

import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { EntriesQuestion, Product, Vocabulary } from '@/api/types';
import { useProducts } from '@/features/insight/api/products';
import { useEntries } from '@/features/insight/api/screens';
import { PutOnBoard } from '@/features/insight/ask/put_on_board';
import { product_asked } from '@/features/insight/league/choice';
import { product_name } from '@/features/insight/league/measures';
import { ProductGone, ProductSelect } from '@/features/insight/league/product_select';
import type { OpenedPeople } from '@/features/insight/people/kept';
import { PeopleDrawer } from '@/features/insight/people/people_drawer';
import {
  entry_choice,
  EntryChoices,
  has_entries,
  type EntryChoice,
} from '@/features/insight/screens/entry_choices';
import { EntryFunnels } from '@/features/insight/screens/entry_funnels';
import { EntryTable } from '@/features/insight/screens/entry_table';
import { useLanguage, useT } from '@/i18n';
import { useVocabulary } from '@/rule/vocabulary';
import { Page, Panel } from '@/ui/page';
import { Empty, Loaded, Loading } from '@/ui/states';

export default function EntriesPage() {
  const t = useT();
  const products = useProducts();
  const vocabulary = useVocabulary();
  return (
    <Page title={t('entry.title')} lead={t('entry.lead')}>
      <Loaded of={products} height={320}>
        {({ items }) =>
          items.some(has_entries) ? (
            <Loaded of={vocabulary} height={320}>
              {(words) => (
                <Chosen products={items} vocabulary={words} fetching={products.isFetching} />
              )}
            </Loaded>
          ) : (
            <Panel>
              <Empty
                title={t('entry.no_product')}
                text={t('entry.no_product_text')}
                action={<Link to="/insights/products">{t('product.title')}</Link>}
              />
            </Panel>
          )
        }
      </Loaded>
    </Page>
  );
}

type Props = { products: Product[]; vocabulary: Vocabulary };

// The whole choice stands in the address.
function useAsked() {
  const [params, set_params] = useSearchParams();
  const set = (part: Partial<EntriesQuestion>) =>
    set_params((now) => {
      for (const [name, value] of Object.entries(part)) now.set(name, String(value));
      return now;
    });
  return { asked: Object.fromEntries(params) as Record<string, string>, set };
}
type Set = ReturnType<typeof useAsked>['set'];

function Chosen({ products, vocabulary, fetching }: Props & { fetching: boolean }) {
  const { asked, set } = useAsked();
  const possible = products.filter(has_entries);
  const product = product_asked(asked.product ? products : possible, asked.product);
  const change = (id: string) => set({ product: id });
  if (!product && fetching) return <Loading height={320} />;
  if (!product) return <ProductGone products={possible} change={change} />;
  if (!has_entries(product)) return <NoSteps {...{ product, possible, change }} />;
  const choice = { ...entry_choice(product, asked), product };
  return <Entries {...{ vocabulary, choice, set }} products={possible} />;
}

function NoSteps(props: {
  product: Product;
  possible: Product[];
  change: (id: string) => void;
}) {
  const t = useT();
  const { language } = useLanguage();
  return (
    <Panel>
      <Empty
        title={t('entry.no_steps', { product: product_name(props.product, language) })}
        text={t('entry.no_steps_text')}
        action={<ProductSelect products={props.possible} value={null} change={props.change} />}
      />
    </Panel>
  );
}

function Entries(props: Props & { choice: EntryChoice & { product: Product }; set: Set }) {
  const t = useT();
  const { language } = useLanguage();
  const [opened, set_opened] = useState<OpenedPeople | null>(null);
  const { choice, set } = props;
  const { product, by, window, within } = choice;
  const question: EntriesQuestion = { product: product.id, by: [by], window, within };
  const entries = useEntries(question);
  const title = t('entry.table', { product: product_name(product, language) });
  return (
    <div className="stack">
      <EntryChoices
        products={props.products}
        vocabulary={props.vocabulary}
        choice={choice}
        change={set}
      />
      {entries.data && entries.data.rows.length > 0 && (
        <Panel title={t('entry.funnels')}>
          <EntryFunnels answer={entries.data} question={question} open={set_opened} />
        </Panel>
      )}
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
      {opened && <PeopleDrawer opened={opened} about={title} close={() => set_opened(null)} />}
    </div>
  );
}
