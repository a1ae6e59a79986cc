// The event of a chip, with what may be done with its step.

import { Button } from 'antd';
import type { Split } from '@/api/question_types';
import { useT } from '@/i18n';
import { PickList } from '@/ui/pick_list';
import {
  metric_parts_of,
  pick_at,
  split_audiences,
  split_names,
  with_ask,
  with_parts,
  with_pick,
  without_end,
  type Draft,
  type DraftOf,
} from '../question/draft';
import { event_name } from '../question/sentence';
import { properties_of, special_events, takes_away } from './choices';
import type { SlotProps } from './slot_editor';

export function EventEditor(props: SlotProps) {
  const t = useT();
  const { slot, draft, edit, vocabulary, words, done, open_slot } = props;
  const pick = pick_at(draft, slot);
  const options = [
    ...special_events(draft.kind, slot),
    ...vocabulary.events.map((one) => one.name),
  ].map((value) => ({ value, label: event_name(value, words) }));
  const choose = (event: string) => {
    const next = event === pick?.event ? draft : with_event(draft, slot, event);
    edit(next);
    const missing = next_missing(next, slot);
    if (missing) open_slot(missing);
    else done();
  };
  const add_where = () => {
    if (!pick) return;
    const where = [...(pick.where ?? []), { property: '', op: 'eq' as const }];
    edit(with_pick(draft, slot, { ...pick, where }));
    open_slot(`${slot}.where.${where.length - 1}`);
  };
  const has_properties = pick && properties_of(pick.event, vocabulary).length > 0;
  return (
    <div className="chip-form">
      <PickList
        options={options}
        value={pick?.event || undefined}
        label={t('builder.pick_label')}
        on_pick={choose}
      />
      <div className="row wrap">
        {has_properties && (
          <Button size="small" onClick={add_where}>
            {t('question.add_where')}
          </Button>
        )}
        <StepButtons {...props} />
      </div>
    </div>
  );
}

// After one choice the next missing event opens by itself, so that a question is built in one go.
function next_missing(draft: Draft, after: string): string | null {
  const list = draft.kind === 'funnel' ? 'steps' : draft.kind === 'attribution' ? 'touches' : null;
  if (draft.kind === 'interval' || draft.kind === 'retention')
    return after === 'first' && draft.ask.then.event === '' ? 'then' : null;
  if (!list) return null;
  const steps = (draft.ask as Record<string, unknown>)[list] as { event: string }[];
  const at = steps.findIndex((one) => one.event === '');
  return at < 0 || `${list}.${at}` === after ? null : `${list}.${at}`;
}

// Another event may have other properties, so what named the old ones goes with it.
function with_event(draft: Draft, slot: string, event: string): Draft {
  const pick = pick_at(draft, slot);
  const next = with_pick(draft, slot, { ...pick, event, where: undefined });
  if (draft.kind === 'metric') return with_metric_event(draft, slot, event);
  if (draft.kind === 'distribution') {
    const measure = draft.ask.measure.includes(':') ? 'count' : draft.ask.measure;
    return with_ask(next, { measure });
  }
  const is_first = slot === 'steps.0' || slot === 'first';
  if (is_first && (draft.kind === 'funnel' || draft.kind === 'retention')) {
    const is_new = event === '$new_customer';
    return with_ask(next, {
      by: split_of_customers(draft.ask.by),
      hold: undefined,
      ...(is_new ? { first_ever: undefined } : {}),
    });
  }
  if (draft.kind === 'paths' && draft.ask.hold) return without_end(next, 'hold');
  if (slot === 'goal' && draft.kind === 'attribution') return with_ask(next, { goal: { event } });
  return next;
}

function with_metric_event(draft: DraftOf<'metric'>, slot: string, event: string): Draft {
  const at = Number(slot.split('.')[1] ?? 0);
  const parts = metric_parts_of(draft.ask).map((part, i) => {
    if (i !== at) return part;
    const measure = part.measure.includes(':') ? 'count' : part.measure;
    return { event, measure: event === '$new_customer' ? 'unique' : measure };
  });
  const by = split_of_customers(draft.ask.by);
  return with_ask(with_parts(draft, parts, draft.ask.formula ?? 'A'), {
    by,
    top: by ? draft.ask.top : undefined,
  });
}

// What splits customers, whatever they did: audiences and tags.
function split_of_customers(by: Split | undefined): Split | undefined {
  if (split_audiences(by)) return by;
  const tags = split_names(by).filter((one) => one.startsWith('tag:'));
  return tags.length ? tags : undefined;
}

function StepButtons({ slot, draft, edit, done }: SlotProps) {
  const t = useT();
  const [name, index] = slot.split('.');
  const at = Number(index);
  const list = (draft.ask as Record<string, unknown>)[name!];
  if (!Array.isArray(list)) return null;
  const swap = (other: number) => {
    const next = [...(list as unknown[])];
    [next[at], next[other]] = [next[other], next[at]];
    edit(with_ask(draft, { [name!]: next }));
    done();
  };
  const is_step = name === 'steps';
  return (
    <>
      {is_step && at > 0 && (
        <Button size="small" onClick={() => swap(at - 1)}>
          {t('question.step_earlier')}
        </Button>
      )}
      {is_step && at < list.length - 1 && (
        <Button size="small" onClick={() => swap(at + 1)}>
          {t('question.step_later')}
        </Button>
      )}
      {takes_away(draft, slot) && (
        <Button
          size="small"
          type="text"
          danger
          onClick={() => {
            edit(with_pick(draft, slot, null));
            done();
          }}
        >
          {t('question.take_away')}
        </Button>
      )}
    </>
  );
}
