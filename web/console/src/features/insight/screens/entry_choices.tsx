// What a comparison of entries asks, as fields: on its page, and where its tile is changed.

import { Select } from 'antd';
import type { EntriesQuestion, Product, Vocabulary } from '@/api/types';
import { named, useLanguage, useT } from '@/i18n';
import { ProductSelect } from '../league/product_select';
import { PeriodSelect, within_of, type Within } from './period';

const windows = ['1h', '1d', '7d'] as const;
const units = ['branch', 'outlet', 'manager'] as const;

export type EntryChoice = {
  product: Product | null; // null: asked for, and gone
  by: string;
  window: (typeof windows)[number];
  within: Within;
};
type Asked = { [K in 'by' | 'window' | 'within']?: string | null };

export const entry_choice = (product: Product | null, asked: Asked): EntryChoice => ({
  product,
  by: asked.by || 'slot',
  window: windows.find((one) => one === asked.window) ?? '1d',
  within: within_of(asked.within ?? ''),
});

// Start and done are the last two steps of a product.
export const has_entries = (product: Product): boolean => (product.steps?.length ?? 0) >= 2;

type Props = {
  products: Product[];
  vocabulary: Vocabulary;
  choice: EntryChoice;
  change: (part: Partial<EntriesQuestion>) => void;
};

export function EntryChoices({ products, vocabulary, choice, change }: Props) {
  const t = useT();
  return (
    <div className="bar" style={{ marginBottom: 0 }}>
      <ProductSelect
        products={products}
        value={choice.product}
        change={(product) => change({ product })}
      />
      <Select
        style={{ width: 190 }}
        aria-label={t('entry.by')}
        showSearch={{ optionFilterProp: 'label' }}
        value={choice.by}
        options={useKinds(vocabulary)}
        onChange={(by: string) => change({ by: [by] })}
      />
      <Select
        style={{ width: 180 }}
        aria-label={t('entry.window')}
        value={choice.window}
        options={windows.map((one) => ({ value: one, label: t(`entry.window.${one}`) }))}
        onChange={(window: string) => change({ window })}
      />
      <PeriodSelect value={choice.within} change={(within) => change({ within })} />
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
