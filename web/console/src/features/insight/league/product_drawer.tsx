// One product: its funnel, its days, and what it is defined by.

import { App, Drawer } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ProductResult, Step } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { useNames } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { Facts } from '@/ui/page';
import { Bars, Num, Share } from '@/ui/show';
import { useProblemText } from '@/ui/states';
import { useRemoveProduct } from '../api/products';
import { ActivityCurve } from './activity_curve';
import { product_name } from './measures';

type Props = {
  result: ProductResult;
  campaigns: ReactNode; // what the campaigns for it cost and brought in
  edit: () => void;
  close: () => void;
};

export function ProductDrawer({ result, campaigns, edit, close }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const names = useNames();
  const { modal, message } = App.useApp();
  const problem_text = useProblemText();
  const remove = useRemoveProduct();
  const { product, funnel } = result;
  const name = product_name(product, language);
  const ask = () =>
    modal.confirm({
      title: t('product.remove', { name }),
      content: t('product.remove_text'),
      okText: t('ui.remove'),
      cancelText: t('ui.cancel'),
      okButtonProps: { danger: true },
      onOk: () =>
        remove
          .mutateAsync(product.id)
          .then(close)
          .catch((error) => void message.error(problem_text(error))),
    });
  const events = (steps: Step[] | undefined) =>
    (steps ?? []).map((one) => names.event(one.event)).join(' · ') || '–';
  return (
    <Drawer
      open
      onClose={close}
      title={name}
      size={720}
      extra={
        <div className="row">
          <Act may="edit_dictionary" danger type="text" onClick={() => void ask()}>
            {t('ui.remove')}
          </Act>
          <Act may="edit_dictionary" onClick={edit}>
            {t('ui.edit')}
          </Act>
        </div>
      }
    >
      <div className="stack">
        {funnel.length > 0 && (
          <section>
            <h3>{t('product.funnel')}</h3>
            <Bars
              rows={funnel.map((count, i) => ({
                key: String(i),
                label: names.event(product.steps?.[i]?.event ?? ''),
                value: count,
                tail: (
                  <>
                    <Num value={count} /> <Share part={count} of={funnel[0]} />
                  </>
                ),
              }))}
            />
          </section>
        )}
        <ActivityCurve product={product.id} />
        <section>
          <h3>{t('campaign.by_product')}</h3>
          {campaigns}
        </section>
        <Facts
          rows={[
            [t('product.uses'), events(product.uses)],
            [t('product.transactions'), events(product.transactions)],
            [
              t('product.effective'),
              t('product.effective_text', {
                count: product.effective_transactions ?? 1,
                value: product.effective_value ?? 0,
              }),
            ],
          ]}
        />
        <Link to={`/insights/leagues?product=${product.id}`}>{t('product.to_league')}</Link>
      </div>
    </Drawer>
  );
}
