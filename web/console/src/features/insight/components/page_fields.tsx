// What the tile of a page of its own asks, changed where the tile is: by the fields of that page.

import { Select } from 'antd';
import type { PageQuestions } from '@/api/question_types';
import type { Vocabulary } from '@/api/types';
import { useOwnText, useT } from '@/i18n';
import { Field } from '@/ui/page';
import { Loaded } from '@/ui/states';
import { acquisition_choice, AcquisitionChoices } from '../acquisition/choices';
import { SpanChoice, span_of as span_of_returns } from '../acquisition/span';
import { useProducts } from '../api/products';
import { useModelsOfStages } from '../api/stages';
import { league_choice, product_asked } from '../league/choice';
import { BelowUnit, LeagueChoices } from '../league/choices';
import { ProductChoices, products_choice } from '../league/product_choices';
import { ProductSelect } from '../league/product_select';
import type { PageAsk } from '../question/tile';
import { entry_choice, EntryChoices, has_entries } from '../screens/entry_choices';
import { asked_of_span, SpanChoice as StageSpan, span_of } from '../stages/span';

type Props = { page: PageAsk; vocabulary: Vocabulary; ask: (page: PageAsk) => void };
type Part<K extends keyof PageQuestions> = {
  asked: PageQuestions[K];
  change: (part: Partial<PageQuestions[K]>) => void;
};

export function PageFields({ page, vocabulary, ask }: Props) {
  const t = useT();
  return <Field label={t(`board.page.${page.kind}`)}>{fields_of(page, vocabulary, ask)}</Field>;
}

function fields_of(page: PageAsk, vocabulary: Vocabulary, ask: Props['ask']) {
  switch (page.kind) {
    case 'league':
      return (
        <LeagueFields
          asked={page.ask}
          change={(part) => ask({ kind: 'league', ask: { ...page.ask, ...part } })}
        />
      );
    case 'entries':
      return (
        <EntryFields
          asked={page.ask}
          vocabulary={vocabulary}
          change={(part) => ask({ kind: 'entries', ask: { ...page.ask, ...part } })}
        />
      );
    case 'stages':
      return (
        <StageFields
          asked={page.ask}
          change={(part) => ask({ kind: 'stages', ask: { ...page.ask, ...part } })}
        />
      );
    case 'acquisition':
      return (
        <AcquisitionChoices
          choice={acquisition_choice(page.ask)}
          change={(part) => ask({ kind: 'acquisition', ask: { ...page.ask, ...part } })}
        />
      );
    case 'returns':
      return (
        <ReturnsFields
          asked={page.ask}
          change={(part) => ask({ kind: 'returns', ask: { ...page.ask, ...part } })}
        />
      );
    case 'products':
      return (
        <ProductChoices
          choice={products_choice(page.ask)}
          change={(part) => ask({ kind: 'products', ask: { ...page.ask, ...part } })}
        />
      );
    case 'activity':
      return (
        <ActivityFields
          asked={page.ask}
          change={(part) => ask({ kind: 'activity', ask: { ...page.ask, ...part } })}
        />
      );
  }
}

function LeagueFields({ asked, change }: Part<'league'>) {
  return (
    <Loaded of={useProducts()} height={32}>
      {({ items }) => {
        const choice = league_choice(items, asked);
        // Another product may not have what the tile was ranked by.
        const changed = (part: Partial<PageQuestions['league']>) => {
          const next = league_choice(items, { ...asked, ...part });
          change(part.product ? { ...part, measure: next.measure } : part);
        };
        return (
          <>
            <LeagueChoices products={items} choice={choice} change={changed} />
            <BelowUnit choice={choice} change={change} />
          </>
        );
      }}
    </Loaded>
  );
}

function EntryFields(props: Part<'entries'> & { vocabulary: Vocabulary }) {
  const { asked, vocabulary, change } = props;
  return (
    <Loaded of={useProducts()} height={32}>
      {({ items }) => {
        const products = items.filter(has_entries);
        const product = product_asked(products, asked.product);
        const choice = entry_choice(product, { ...asked, by: asked.by[0] });
        return <EntryChoices {...{ products, vocabulary, choice, change }} />;
      }}
    </Loaded>
  );
}

function StageFields({ asked, change }: Part<'stages'>) {
  const t = useT();
  const own = useOwnText();
  return (
    <Loaded of={useModelsOfStages()} height={32}>
      {({ items }) => (
        <div className="bar" style={{ marginBottom: 0 }}>
          <Select<string>
            style={{ width: 220 }}
            aria-label={t('board.page.model')}
            placeholder={t('board.page.model')}
            value={items.find((one) => one.id === asked.model)?.id}
            options={items.map((one) => ({ value: one.id, label: own(one.name) }))}
            onChange={(model) => change({ model })}
          />
          <StageSpan
            value={span_of(asked.within)}
            change={(span) => change(asked_of_span[span])}
          />
        </div>
      )}
    </Loaded>
  );
}

// A tile of one campaign stays with it.
function ReturnsFields({ asked, change }: Part<'returns'>) {
  const t = useT();
  if (asked.campaign) return <p className="soft">{t('board.page.one_campaign')}</p>;
  return (
    <SpanChoice
      label={t('returns.period')}
      value={span_of_returns(asked.within, '90d')}
      change={(within) => change({ within })}
    />
  );
}

function ActivityFields({ asked, change }: Part<'activity'>) {
  return (
    <Loaded of={useProducts()} height={32}>
      {({ items }) => (
        <ProductSelect
          products={items}
          value={product_asked(items, asked.product)}
          change={(product) => change({ product })}
        />
      )}
    </Loaded>
  );
}
