// The fields that leagues and products share: which day, week or month, and what is compared.

import { Segmented, Select } from 'antd';
import type { LeagueMeasure } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { pers } from './choice';
import { unit_name, type Per } from './units';

export type UnitChoice = {
  per: Per;
  at: string;
  recent: string[]; // the running unit first
};

export function UnitFields(props: {
  choice: UnitChoice;
  change: (part: { per?: Per; at?: string | undefined }) => void;
}) {
  const t = useT();
  const { language } = useLanguage();
  const { choice, change } = props;
  const { per, at, recent } = choice;
  return (
    <>
      <Segmented<Per>
        aria-label={t('league.per')}
        value={per}
        options={pers.map((one) => ({ value: one, label: t(`league.per.${one}`) }))}
        onChange={(value) => change({ per: value, at: undefined })}
      />
      <Select
        style={{ width: 190 }}
        aria-label={t('league.when')}
        value={at}
        options={recent.map((one, i) => ({
          value: one,
          label: `${unit_name(per, one, language)}${i === 0 ? t('league.running_mark') : ''}`,
        }))}
        // What asks for the running month stays with the running month.
        onChange={(value: string) => change({ at: value === recent[0] ? undefined : value })}
      />
    </>
  );
}

export function MeasureField(props: {
  measure: LeagueMeasure;
  offered: readonly LeagueMeasure[];
  change: (part: { measure: LeagueMeasure }) => void;
}) {
  const t = useT();
  return (
    <Select<LeagueMeasure>
      style={{ width: 190 }}
      aria-label={t('league.by')}
      value={props.measure}
      options={props.offered.map((one) => ({ value: one, label: t(`league.measure.${one}`) }))}
      onChange={(value) => props.change({ measure: value })}
    />
  );
}
