// When the campaign runs, and how its effect is measured.

import { Checkbox, InputNumber, Radio, Select, Slider } from 'antd';
import type { CampaignDraft, Goal, Schedule, Vocabulary } from '@/api/types';
import { named, useLanguage, useT } from '@/i18n';
import { MomentInput, TimeInput } from '@/ui/date_input';
import { Field } from '@/ui/page';
import { as_instant, as_local } from './instants';

type Part = { draft: CampaignDraft; set: (part: Partial<CampaignDraft>) => void };

export function ScheduleFields({ draft, set }: Part) {
  const t = useT();
  const { schedule } = draft;
  const change = (part: Partial<Schedule>) => set({ schedule: { ...schedule, ...part } });
  return (
    <div className="fields">
      <Radio.Group
        aria-label={t('campaign.schedule')}
        value={schedule.kind}
        options={(['now', 'at', 'daily'] as const).map((kind) => ({
          value: kind,
          label: t(`campaign.schedule.${kind}`),
        }))}
        onChange={(event) => set({ schedule: { kind: event.target.value as Schedule['kind'] } })}
      />
      <div className="fields two">
        {schedule.kind === 'at' && (
          <Field id="schedule-at" label={t('campaign.at')} hint={t('campaign.zone_hint')}>
            <MomentInput
              id="schedule-at"
              value={as_local(schedule.at)}
              change={(at) => change({ at: as_instant(at) })}
            />
          </Field>
        )}
        {schedule.kind === 'daily' && (
          <>
            <Field id="schedule-time" label={t('campaign.time')} hint={t('campaign.zone_hint')}>
              <TimeInput
                id="schedule-time"
                value={schedule.time ?? ''}
                change={(time) => change({ time })}
              />
            </Field>
            <Field id="schedule-until" label={t('campaign.until')}>
              <MomentInput
                id="schedule-until"
                value={as_local(schedule.until)}
                change={(until) => change({ until: as_instant(until) })}
              />
            </Field>
          </>
        )}
      </div>
      <div className="fields two">
        <Field
          id="campaign-purpose"
          label={t('campaign.purpose')}
          hint={t(`campaign.purpose_hint.${draft.purpose}`)}
        >
          <Select
            id="campaign-purpose"
            value={draft.purpose}
            options={(['marketing', 'service'] as const).map((one) => ({
              value: one,
              label: t(`purpose.${one}`),
            }))}
            onChange={(purpose) => set({ purpose, exempt: purpose === 'service' && draft.exempt })}
          />
        </Field>
        <Field
          id="campaign-priority"
          label={t('campaign.priority')}
          hint={t('campaign.priority_hint')}
        >
          <InputNumber
            id="campaign-priority"
            min={1}
            max={9}
            value={draft.priority}
            onChange={(priority) => set({ priority: priority ?? 5 })}
          />
        </Field>
      </div>
      {draft.purpose === 'service' && (
        <Checkbox
          checked={draft.exempt}
          onChange={(event) => set({ exempt: event.target.checked })}
        >
          {t('campaign.exempt')}
        </Checkbox>
      )}
    </div>
  );
}

const windows = ['1d', '3d', '7d', '14d', '30d'];

const goal_of = (event: string, before: Goal | null): Goal => ({
  event,
  where: [],
  window: before?.window ?? '7d',
  value: '',
  income_share: 1,
});

// What a conversion earns: a number of the event, and the part of it that stays with the bank.
function ValueFields(props: {
  goal: Goal;
  set: Part['set'];
  vocabulary: Vocabulary;
}) {
  const t = useT();
  const { language } = useLanguage();
  const { goal, set, vocabulary } = props;
  const numbers = (
    vocabulary.events.find((one) => one.name === goal.event)?.properties ?? []
  ).filter((one) => one.type === 'number');
  if (numbers.length === 0 && !goal.value) return null;
  return (
    <div className="fields two">
      <Field id="goal-value" label={t('campaign.goal_value')} hint={t('campaign.goal_value_hint')}>
        <Select
          id="goal-value"
          allowClear
          placeholder={t('campaign.no_goal_value')}
          value={goal.value || undefined}
          options={numbers.map((one) => ({ value: one.name, label: named(language, one) }))}
          onChange={(value?: string) => set({ goal: { ...goal, value: value ?? '' } })}
        />
      </Field>
      {goal.value && (
        <Field
          id="goal-share"
          label={t('campaign.income_share')}
          hint={t('campaign.income_share_hint')}
        >
          <InputNumber
            id="goal-share"
            min={0}
            max={100}
            precision={2}
            suffix="%"
            style={{ width: '100%' }}
            value={Math.round(goal.income_share * 10_000) / 100}
            onChange={(value) => set({ goal: { ...goal, income_share: (value ?? 100) / 100 } })}
          />
        </Field>
      )}
    </div>
  );
}

export function MeasureFields({ draft, set, vocabulary }: Part & { vocabulary: Vocabulary }) {
  const t = useT();
  const { language } = useLanguage();
  const share = Math.round(draft.control_share * 100);
  return (
    <div className="fields">
      <div className="fields two">
        <Field id="goal-event" label={t('campaign.goal')} hint={t('campaign.goal_hint')}>
          <Select
            id="goal-event"
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            placeholder={t('campaign.choose_goal')}
            value={draft.goal?.event || undefined}
            options={vocabulary.events.map((one) => ({
              value: one.name,
              label: named(language, one),
            }))}
            onChange={(event?: string) =>
              set({ goal: event ? goal_of(event, draft.goal) : null })
            }
          />
        </Field>
        {draft.goal && (
          <Field id="goal-window" label={t('campaign.window')}>
            <Select
              id="goal-window"
              value={draft.goal.window}
              options={[...new Set([...windows, draft.goal.window])].map((one) => ({
                value: one,
                label: t('ui.days', { count: Number.parseInt(one, 10) }),
              }))}
              onChange={(window) => set({ goal: { ...draft.goal!, window } })}
            />
          </Field>
        )}
      </div>
      {draft.goal && <ValueFields goal={draft.goal} set={set} vocabulary={vocabulary} />}
      <Field
        label={t('campaign.control_share', { share })}
        hint={t(share === 0 ? 'campaign.no_control' : 'campaign.control_hint')}
      >
        <Slider
          min={0}
          max={50}
          value={share}
          ariaLabelForHandle={t('campaign.control')}
          tooltip={{ formatter: (value) => `${value}%` }}
          onChange={(value) => set({ control_share: value / 100 })}
        />
      </Field>
    </div>
  );
}
