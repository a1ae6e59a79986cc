// What a unit is to reach, and who said so.

import { InputNumber } from 'antd';
import { useState } from 'react';
import type { LeagueMeasure, LeagueRow } from '@/api/types';
import { useT } from '@/i18n';
import { DrawerForm } from '@/ui/drawer_form';
import { Facts, Field } from '@/ui/page';
import { When } from '@/ui/show';
import { useSetTarget } from '../api/league';
import type { UnitOfTime } from '../api/products';
import { Figure } from './figure';
import { figure, is_rate } from './measures';

type Props = {
  row: LeagueRow;
  product: string;
  measure: LeagueMeasure;
  unit: Required<UnitOfTime>;
  close: () => void;
};

export function TargetForm({ row, product, measure, unit, close }: Props) {
  const t = useT();
  const save = useSetTarget();
  const scale = is_rate(measure) ? 100 : 1;
  const [value, set_value] = useState(row.target ? row.target.value * scale : null);
  const keep = () =>
    save.mutate(
      {
        ...{ product, measure, org: row.org, per: unit.per, at: unit.at },
        ...(value === null ? {} : { value: value / scale }),
      },
      { onSuccess: close },
    );
  return (
    <DrawerForm
      title={t('league.set_target_of', { unit: row.name })}
      may="edit_boards"
      saving={save}
      save={keep}
      close={close}
    >
      <Facts
        rows={[
          [t(`league.measure.${measure}`), <Figure key="now" measure={measure} value={figure(row.now, measure)} />],
          [t('league.previous'), <Figure key="before" measure={measure} value={figure(row.before, measure)} />],
          ...(row.target
            ? [
                [
                  t('league.target_set'),
                  <span key="set">
                    {row.target.set_by_name} <When at={row.target.set_at} />
                  </span>,
                ] as [string, React.ReactNode],
              ]
            : []),
        ]}
      />
      <Field id="target" label={t('league.target')} hint={t('league.target_hint')}>
        <InputNumber
          id="target"
          autoFocus
          min={0}
          style={{ width: '100%' }}
          value={value}
          suffix={is_rate(measure) ? '%' : undefined}
          onChange={set_value}
        />
      </Field>
    </DrawerForm>
  );
}
