// One product: its funnel, its days, and what it is defined by.

import { App, Drawer } from 'antd';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { ComparedUnit, ProductResult, Step } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { useNames } from '@/rule/vocabulary';
import { Act } from '@/ui/act';
import { Facts } from '@/ui/page';
import { Bars, Share } from '@/ui/show';
import { useProblemText } from '@/ui/states';
import { useRemoveProduct } from '../api/products';
import type { OpenedPeople } from '../people/kept';
import { OpenPeople } from '../people/open_people';
import { PeopleDrawer } from '../people/people_drawer';
import { ActivityCurve } from './activity_curve';
import { product_name } from './measures';

type Props = {
  result: ProductResult;
  unit: ComparedUnit; // the time that the result is of
  campaigns: ReactNode; // what the campaigns for it cost and brought in
  edit: () => void;
  close: () => void;
};

export function ProductDrawer({ result, unit, campaigns, edit, close }: Props) {
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
        {funnel.length > 0 && <ProductFunnel result={result} unit={unit} />}
        <ActivityCurve product={product.id} name={name} />
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

// As the products are compared: each chain within seven days, all of it in the unit of time.
function ProductFunnel({ result, unit }: Pick<Props, 'result' | 'unit'>) {
  const t = useT();
  const { language } = useLanguage();
  const names = useNames();
  const [opened, set_opened] = useState<OpenedPeople | null>(null);
  const { product, funnel } = result;
  const steps = product.steps ?? [];
  const question = { steps, window: '7d', from: unit.from, to: unit.until };
  return (
    <section>
      <h3>{t('product.funnel')}</h3>
      <Bars
        rows={funnel.map((count, i) => {
          const label = names.event(steps[i]?.event ?? '');
          return {
            ...{ key: String(i), label, value: count },
            tail: (
              <>
                <OpenPeople
                  value={count}
                  opened={{ of: { funnel: question, step: i + 1 }, title: label }}
                  open={set_opened}
                />{' '}
                <Share part={count} of={funnel[0]} />
              </>
            ),
          };
        })}
      />
      {opened && (
        <PeopleDrawer
          opened={opened}
          about={`${product_name(product, language)} · ${t('product.funnel')}`}
          close={() => set_opened(null)}
        />
      )}
    </section>
  );
}
