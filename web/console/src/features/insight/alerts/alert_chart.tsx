// What an alert saw, or would have seen: the number, its bounds, and the units out of line.

import { useMemo } from 'react';
import type { AlertCheck } from '@/api/types';
import { useLanguage, useT } from '@/i18n';
import { LineChart, type Drawn } from '@/ui/chart';
import { day_and_month } from '@/ui/times';
import { useNotes } from '../annotations/marks';

export function AlertChart({ checks, height }: { checks: AlertCheck[]; height: number }) {
  const t = useT();
  const { language } = useLanguage();
  const units = useMemo(() => checks.map((one) => one.at), [checks]);
  const { marks } = useNotes(units);
  const drawn = useMemo(() => {
    const bound = (side: 'low' | 'high'): Drawn['series'] =>
      checks.some((one) => one[side] !== null)
        ? [
            {
              name: t(`alert.${side}`),
              values: checks.map((one) => one[side]),
              dashed: true,
              faint: true,
              colour: 7,
            },
          ]
        : [];
    return {
      labels: units.map((at) => day_and_month(at, language)),
      series: [
        { name: t('alert.value'), values: checks.map((one) => one.value), colour: 0 },
        ...bound('low'),
        ...bound('high'),
        {
          name: t('alert.out'),
          values: checks.map((one) => (one.out ? one.value : null)),
          dots: true,
          colour: 1,
        },
      ],
    };
  }, [checks, units, t, language]);
  return <LineChart {...drawn} marks={marks} label={t('alert.chart')} height={height} />;
}
