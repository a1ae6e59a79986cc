// The questions that a bank asks first, ready to be asked of its own data.

import type { EventPick, QuestionKind } from '@/api/question_types';
import type { Vocabulary } from '@/api/types';
import { picks_of, type Draft, type DraftOf } from './draft';

export type Example = { id: string; draft: Draft };

const on = (event: string): EventPick => ({ event });
const steps = (...events: string[]) => events.map(on);

const fund_steps = steps(
  'fund_list_view',
  'fund_detail_view',
  'fund_purchase_start',
  'fund_purchase',
);

const candidates: [string, Draft][] = [
  ['fund_funnel', { kind: 'funnel', ask: { steps: fund_steps, window: '1d', within: '30d' } }],
  [
    'fund_by_platform',
    {
      kind: 'funnel',
      ask: { steps: fund_steps, window: '1d', within: '90d', by: ['platform'], per: 'week' },
    },
  ],
  [
    'transfer_funnel',
    {
      kind: 'funnel',
      ask: {
        steps: steps('transfer_start', 'transfer_done'),
        window: '30m',
        within: '30d',
        by: ['tag:edition'],
      },
    },
  ],
  [
    'loan_funnel',
    {
      kind: 'funnel',
      ask: { steps: steps('loan_view', 'loan_apply', 'loan_granted'), window: '1d', within: '30d' },
    },
  ],
  [
    'new_retention',
    {
      kind: 'retention',
      ask: {
        first: on('$new_customer'),
        then: on('$any'),
        unit: 'week',
        periods: 10,
        within: '90d',
      },
    },
  ],
  [
    'partner_retention',
    {
      kind: 'retention',
      ask: {
        first: on('$new_customer'),
        then: on('$any'),
        unit: 'week',
        periods: 10,
        within: '90d',
        by: ['tag:origin'],
      },
    },
  ],
  [
    'fund_retention',
    {
      kind: 'retention',
      ask: {
        first: on('fund_purchase'),
        then: on('fund_purchase'),
        unit: 'week',
        periods: 8,
        within: '90d',
      },
    },
  ],
  [
    'daily_active',
    {
      kind: 'metric',
      ask: { event: '$any', measure: 'unique', per: 'day', within: '30d', compare: true },
    },
  ],
  [
    'new_per_week',
    {
      kind: 'metric',
      ask: { event: '$new_customer', measure: 'unique', per: 'week', within: '90d' },
    },
  ],
  [
    'errors_by_code',
    {
      kind: 'metric',
      ask: { event: 'error_shown', measure: 'count', per: 'day', within: '90d', by: ['code'] },
    },
  ],
  [
    'bills_by_kind',
    {
      kind: 'metric',
      ask: {
        event: 'bill_payment',
        measure: 'sum:amount',
        per: 'week',
        within: '90d',
        by: ['bill'],
      },
    },
  ],
  [
    'after_login',
    { kind: 'paths', ask: { start: on('login'), gap: '30m', steps: 4, within: '7d' } },
  ],
  [
    'before_purchase',
    { kind: 'paths', ask: { end: on('fund_purchase'), gap: '30m', steps: 4, within: '30d' } },
  ],
  [
    'after_error',
    { kind: 'paths', ask: { start: on('error_shown'), gap: '30m', steps: 3, within: '90d' } },
  ],
  ['active_stages', { kind: 'lifecycle', ask: { event: '$any', unit: 'week', within: '90d' } }],
  [
    'bill_stages',
    { kind: 'lifecycle', ask: { event: 'bill_payment', unit: 'week', within: '90d' } },
  ],
  [
    'visits_each',
    {
      kind: 'distribution',
      ask: {
        event: 'app_open',
        measure: 'count',
        within: '30d',
        buckets: [1, 2, 3, 5, 10, 20, 40],
      },
    },
  ],
  [
    'busy_hours',
    { kind: 'distribution', ask: { event: 'app_open', measure: 'hour', within: '30d' } },
  ],
  [
    'fund_amounts',
    {
      kind: 'distribution',
      ask: {
        event: 'fund_purchase',
        measure: 'sum:amount',
        within: '90d',
        buckets: [0, 1000, 5000, 10_000, 50_000, 100_000, 500_000],
      },
    },
  ],
  [
    'time_to_purchase',
    {
      kind: 'interval',
      ask: {
        first: on('fund_detail_view'),
        then: on('fund_purchase'),
        window: '7d',
        within: '30d',
      },
    },
  ],
  [
    'between_visits',
    {
      kind: 'interval',
      ask: { first: on('app_close'), then: on('app_open'), window: '30d', within: '90d' },
    },
  ],
  [
    'fund_touches',
    {
      kind: 'attribution',
      ask: {
        goal: { event: 'fund_purchase', value: 'amount' },
        touches: steps('product_banner_view', 'article_view', 'deposit_view', 'balance_view'),
        by: '$event',
        window: '7d',
        model: 'last',
        within: '30d',
      },
      second: 'first',
    },
  ],
  [
    'deposit_channels',
    {
      kind: 'attribution',
      ask: {
        goal: { event: 'deposit_purchase', value: 'amount' },
        touches: steps('app_open'),
        by: 'channel',
        window: '30d',
        model: 'linear',
        within: '90d',
      },
    },
  ],
];

// The questions that this bank's own events, properties and tags can answer.
export function examples_for(vocabulary: Vocabulary): Example[] {
  return candidates
    .filter(([, draft]) => is_answerable(draft, vocabulary))
    .map(([id, draft]) => ({ id, draft }));
}

function is_answerable(draft: Draft, vocabulary: Vocabulary): boolean {
  const events = new Map(vocabulary.events.map((event) => [event.name, event]));
  const knows = (event: string) => event.startsWith('$') || events.has(event);
  const has = (event: string, property: string | undefined) =>
    !property || (events.get(event)?.properties.some((one) => one.name === property) ?? false);
  const splits = (event: string, by: string) =>
    by === '$event' ||
    (by.startsWith('tag:')
      ? vocabulary.tags.some((one) => one.name === by.slice(4))
      : has(event, by));
  if (!picks_of(draft).every(([, pick]) => knows(pick.event))) return false;
  const ask = draft.ask as Record<string, unknown>;
  const first = picks_of(draft)[0]![1].event;
  const measured = typeof ask.measure === 'string' ? ask.measure.split(':')[1] : undefined;
  if (!has(first, measured)) return false;
  if (draft.kind === 'attribution') {
    const { goal, touches, by } = draft.ask;
    return has(goal.event, goal.value) && touches.every((one) => splits(one.event, by));
  }
  return ((ask.by as string[] | undefined) ?? []).every((by) => splits(first, by));
}

// What a kind begins with: its first example, else the plainest question of that kind.
export function first_draft(kind: QuestionKind, vocabulary: Vocabulary): Draft {
  const example = examples_for(vocabulary).find((one) => one.draft.kind === kind);
  return example?.draft ?? blank_draft(kind);
}

type Blank = { [K in QuestionKind]: DraftOf<K>['ask'] };
const blanks: Blank = {
  metric: { event: '$any', measure: 'unique', per: 'day', within: '30d' },
  funnel: { steps: [on(''), on('')], window: '1d', within: '30d' },
  retention: {
    first: on('$new_customer'),
    then: on('$any'),
    unit: 'week',
    periods: 8,
    within: '90d',
  },
  lifecycle: { event: '$any', unit: 'week', within: '90d' },
  paths: { start: on(''), gap: '30m', steps: 4, within: '7d' },
  distribution: { event: '', measure: 'count', within: '30d' },
  interval: { first: on(''), then: on(''), window: '7d', within: '30d' },
  attribution: {
    goal: on(''),
    touches: [on('')],
    by: '$event',
    window: '7d',
    model: 'last',
    within: '30d',
  },
};

export const blank_draft = (kind: QuestionKind): Draft => ({ kind, ask: blanks[kind] }) as Draft;
