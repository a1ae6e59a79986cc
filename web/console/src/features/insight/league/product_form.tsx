// A product as the bank defines it: its names, and the events that are its use.

import { InputNumber, Select } from 'antd';
import { useState } from 'react';
import type { Product, ProductDraft, Step, Vocabulary } from '@/api/types';
import { named, useLanguage, useT } from '@/i18n';
import { DrawerForm } from '@/ui/drawer_form';
import { ChoiceField, TextField } from '@/ui/fields';
import { Field } from '@/ui/page';
import { useSaveProduct } from '../api/products';
import { StepsField } from './steps_field';

type Props = { product: Product | null; vocabulary: Vocabulary; close: () => void };
type Kind = Product['kind'];

const kinds: Kind[] = ['app', 'product', 'function'];
const blank: ProductDraft = { kind: 'product', name_zh: '', name_en: '', uses: [{ event: '' }] };

const draft_of = ({ kind, name_zh, name_en, ...rest }: Product): ProductDraft => ({
  ...{ kind, name_zh, name_en, uses: rest.uses },
  ...{ transactions: rest.transactions, steps: rest.steps, value: rest.value },
  effective_transactions: rest.effective_transactions,
  effective_value: rest.effective_value,
});

const chosen = (steps: Step[] | undefined | null) => (steps ?? []).filter((one) => one.event);

// Half-made conditions and empty choices are left out.
function whole(draft: ProductDraft): ProductDraft {
  const tidy = (steps: Step[] | undefined | null) =>
    chosen(steps).map(({ event, where }) => {
      const made = (where ?? []).filter((one) => one.property);
      return made.length ? { event, where: made } : { event };
    });
  const transactions = tidy(draft.transactions);
  const value = transactions.length ? draft.value : undefined;
  return {
    ...draft,
    uses: tidy(draft.uses),
    transactions,
    steps: tidy(draft.steps),
    value,
    effective_value: value ? draft.effective_value : undefined,
  };
}

export function ProductForm({ product, vocabulary, close }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const save = useSaveProduct();
  const [draft, set_draft] = useState<ProductDraft>(product ? draft_of(product) : blank);
  const set = (part: Partial<ProductDraft>) => set_draft({ ...draft, ...part });
  const has_transactions = chosen(draft.transactions).length > 0;
  const numbers = vocabulary.events
    .find((one) => one.name === draft.transactions?.[0]?.event)
    ?.properties.filter((one) => one.type === 'number');
  const keep = () =>
    save.mutate(
      { draft: whole(draft), id: product?.id, version: product?.version },
      { onSuccess: close },
    );
  const is_blocked =
    !draft.name_zh.trim() || !draft.name_en.trim() || chosen(draft.uses).length === 0;
  return (
    <DrawerForm
      title={t(product ? 'product.edit' : 'product.new')}
      width={520}
      may="edit_dictionary"
      saving={save}
      blocked={is_blocked && t('ui.required')}
      save={keep}
      close={close}
    >
      <ChoiceField<Kind>
        id="product-kind"
        label={t('product.kind')}
        value={draft.kind ?? 'product'}
        options={kinds.map((one) => ({ value: one, label: t(`product.kind.${one}`) }))}
        change={(kind) => set({ kind })}
      />
      <TextField
        id="product-zh"
        label={t('product.name_zh')}
        value={draft.name_zh}
        change={(name_zh) => set({ name_zh })}
      />
      <TextField
        id="product-en"
        label={t('product.name_en')}
        value={draft.name_en}
        change={(name_en) => set({ name_en })}
      />
      <StepsField
        id="product-uses"
        label={t('product.uses')}
        hint={t('product.uses_hint')}
        value={draft.uses}
        vocabulary={vocabulary}
        change={(uses) => set({ uses })}
      />
      <StepsField
        id="product-transactions"
        label={t('product.transactions')}
        hint={t('product.transactions_hint')}
        value={draft.transactions ?? []}
        vocabulary={vocabulary}
        change={(transactions) => set({ transactions })}
      />
      {has_transactions && (
        <>
          <Field id="product-value" label={t('product.value')}>
            <Select
              id="product-value"
              allowClear
              value={draft.value ?? undefined}
              options={numbers?.map((one) => ({ value: one.name, label: named(language, one) }))}
              onChange={(value?: string) => set({ value })}
            />
          </Field>
          <Field
            id="product-count"
            label={t('product.effective')}
            hint={t('product.effective_hint')}
          >
            <div className="row wrap">
              <InputNumber
                id="product-count"
                min={1}
                max={1000}
                prefix={t('product.effective_count')}
                value={draft.effective_transactions ?? 1}
                onChange={(count) => set({ effective_transactions: count ?? 1 })}
              />
              {draft.value && (
                <InputNumber
                  aria-label={t('product.effective_value')}
                  min={0}
                  prefix={t('product.effective_value')}
                  value={draft.effective_value ?? 0}
                  onChange={(least) => set({ effective_value: least ?? 0 })}
                />
              )}
            </div>
          </Field>
        </>
      )}
      <StepsField
        id="product-steps"
        label={t('product.steps')}
        hint={t('product.steps_hint')}
        value={draft.steps ?? []}
        vocabulary={vocabulary}
        change={(steps) => set({ steps })}
      />
    </DrawerForm>
  );
}
