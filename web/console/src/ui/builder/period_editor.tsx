// The time that a condition looks at: the last so many days, a calendar period, or two dates.

import { Button, InputNumber, Select } from 'antd';
import { useLanguage, useT } from '@/i18n';
import type { PeriodFields } from '@/rule/types';
import { calendar_periods, duration_text, split_duration, words } from '@/rule/words';
import { DateInput } from '../date_input';

type Props = { period: PeriodFields; change: (period: PeriodFields) => void; done: () => void };

const usual = ['1d', '7d', '14d', '30d', '90d', '180d'];

export function PeriodEditor({ period, change, done }: Props) {
  const t = useT();
  const { language } = useLanguage();
  const within = (text: string): PeriodFields => ({ within: text, from: undefined, to: undefined });
  const pick = (text: string) => {
    change(within(text));
    done();
  };
  const dated = (part: 'from' | 'to', day: string) =>
    change({
      from: period.from,
      to: period.to,
      [part]: day ? `${day}T00:00:00+08:00` : undefined,
      within: undefined,
    });
  return (
    <div className="chip-form wide">
      <PresetRow
        presets={usual}
        current={period.within}
        pick={pick}
        label={(one) => duration_text(one, language)}
      />
      <PresetRow
        presets={calendar_periods}
        current={period.within}
        pick={pick}
        label={(one) => words[language].calendar[one]!}
      />
      <div className="row">
        <span className="soft nowrap">{t('builder.last')}</span>
        <DurationInput value={period.within ?? ''} change={(text) => change(within(text))} />
      </div>
      <div className="row">
        <DateInput
          label={t('builder.from')}
          value={period.from?.slice(0, 10) ?? ''}
          change={(day) => dated('from', day)}
        />
        <DateInput
          label={t('builder.to')}
          value={period.to?.slice(0, 10) ?? ''}
          change={(day) => dated('to', day)}
        />
      </div>
      <Button type="primary" size="small" onClick={done}>
        {t('ui.done')}
      </Button>
    </div>
  );
}

function PresetRow(props: {
  presets: string[];
  current?: string;
  pick: (preset: string) => void;
  label: (preset: string) => string;
}) {
  return (
    <div className="token-list">
      {props.presets.map((one) => (
        <Button
          key={one}
          size="small"
          type={one === props.current ? 'primary' : 'default'}
          aria-pressed={one === props.current}
          onClick={() => props.pick(one)}
        >
          {props.label(one)}
        </Button>
      ))}
    </div>
  );
}

export function DurationInput(props: { value: string; change: (duration: string) => void }) {
  const t = useT();
  const [amount, unit] = split_duration(props.value) ?? [null, 'd'];
  return (
    <div className="row grow">
      <InputNumber
        style={{ width: '100%' }}
        min={1}
        max={3650}
        precision={0}
        aria-label={t('builder.amount')}
        value={amount}
        onChange={(next) => next && props.change(`${next}${unit}`)}
      />
      <Select
        style={{ width: 96 }}
        aria-label={t('builder.unit')}
        value={unit}
        options={(['m', 'h', 'd', 'w'] as const).map((one) => ({
          value: one,
          label: t(`builder.unit.${one}`),
        }))}
        onChange={(next: string) => props.change(`${amount ?? 1}${next}`)}
      />
    </div>
  );
}

export function DurationEditor(props: {
  value: string;
  change: (duration: string) => void;
  done: () => void;
}) {
  const t = useT();
  return (
    <div className="chip-form">
      <p className="soft small">{t('builder.window_hint')}</p>
      <DurationInput value={props.value} change={props.change} />
      <Button type="primary" size="small" onClick={props.done}>
        {t('ui.done')}
      </Button>
    </div>
  );
}
