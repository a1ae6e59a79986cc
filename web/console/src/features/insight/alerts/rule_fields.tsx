// When an alert fires.

import { InputNumber, Segmented } from 'antd';
import { useT } from '@/i18n';
import { ChoiceField } from '@/ui/fields';
import { Field } from '@/ui/page';
import type { RuleDraft } from './rule_text';

type Props = { rule: RuleDraft; set: (part: Partial<RuleDraft>) => void };

export function RuleFields({ rule, set }: Props) {
  const t = useT();
  return (
    <>
      <Field label={t('alert.when')}>
        <Segmented
          value={rule.kind}
          options={(['season', 'above', 'below'] as const).map((value) => ({
            value,
            label: t(`alert.kind.${value}`),
          }))}
          onChange={(kind) => set({ kind })}
        />
      </Field>
      {rule.kind === 'season' ? (
        <Season rule={rule} set={set} />
      ) : (
        <NumberField
          id="alert-threshold"
          label={t('alert.threshold')}
          value={rule.threshold}
          change={(threshold) => set({ threshold })}
        />
      )}
    </>
  );
}

function Season({ rule, set }: Props) {
  const t = useT();
  return (
    <>
      <NumberField
        id="alert-seasons"
        label={t('alert.seasons')}
        hint={t('alert.seasons_hint')}
        value={rule.seasons}
        least={3}
        most={26}
        change={(seasons) => seasons && set({ seasons })}
      />
      <ChoiceField
        id="alert-spread"
        label={t('alert.spread')}
        hint={t(`alert.spread_hint.${rule.spread}`)}
        value={rule.spread}
        options={(['percent', 'deviations'] as const).map((value) => ({
          value,
          label: t(`alert.spread.${value}`),
        }))}
        change={(spread) => set({ spread, tolerance: spread === 'percent' ? 30 : 3 })}
      />
      <NumberField
        id="alert-tolerance"
        label={t(`alert.tolerance.${rule.spread}`)}
        value={rule.tolerance}
        least={0}
        change={(tolerance) => set({ tolerance })}
      />
      <ChoiceField
        id="alert-side"
        label={t('alert.side')}
        value={rule.side}
        options={(['both', 'above', 'below'] as const).map((value) => ({
          value,
          label: t(`alert.side.${value}`),
        }))}
        change={(side) => set({ side })}
      />
    </>
  );
}

function NumberField(props: {
  id: string;
  label: string;
  hint?: string;
  value: number | null;
  least?: number;
  most?: number;
  change: (value: number | null) => void;
}) {
  return (
    <Field id={props.id} label={props.label} hint={props.hint}>
      <InputNumber
        id={props.id}
        style={{ width: '100%' }}
        value={props.value}
        min={props.least}
        max={props.most}
        onChange={props.change}
      />
    </Field>
  );
}
