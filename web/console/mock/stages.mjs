// The mock's stage models and how its customers moved between their stages.

import { customers, day_ms, now, weight } from './bank.mjs';
import { as_of, holds, members } from './evaluate.mjs';
import * as state from './state.mjs';

const iso = (time) => new Date(time).toISOString();
const stamp = {
  version: 1,
  created_at: iso(now - 40 * day_ms),
  created_by: 'system',
  updated_at: iso(now - 9 * day_ms),
  updated_by: 'system',
};
const did = (event, within, more = {}) => ({ event, within, ...more });

export const models = [
  {
    id: 'stm_1',
    kind: 'lifecycle',
    name: 'AARRR 生命周期 / AARRR life cycle',
    stages: [
      { key: 'acquisition', name: '获客 / Acquisition', rule: did('app_open', '90d') },
      { key: 'activation', name: '激活 / Activation', rule: did('login', '30d') },
      {
        key: 'retention',
        name: '留存 / Retention',
        rule: did('login', '30d', { measure: 'days', op: 'gte', value: 3 }),
      },
      {
        key: 'revenue',
        name: '变现 / Revenue',
        rule: { any: [did('fund_purchase', '30d'), did('deposit_purchase', '30d')] },
      },
      { key: 'referral', name: '推荐 / Referral', rule: did('coupon_use', '14d') },
    ],
    ...stamp,
  },
  {
    id: 'stm_2',
    kind: 'tier',
    name: '客户等级 / Customer tiers',
    stages: [
      { key: 'ordinary', name: '普通 / Ordinary', rule: { identity: 'user_id', op: 'exists' } },
      { key: 'gold', name: '金卡 / Gold', rule: { tag: 'aum', op: 'gte', value: 50_000 } },
      { key: 'platinum', name: '白金 / Platinum', rule: { tag: 'aum', op: 'gte', value: 300_000 } },
      { key: 'diamond', name: '钻石 / Diamond', rule: { tag: 'aum', op: 'gte', value: 1_000_000 } },
    ],
    ...stamp,
  },
];

// The place of the highest stage whose rule holds; the number of stages where none does.
function place(customer, stages) {
  for (let at = stages.length - 1; at >= 0; at -= 1)
    if (holds(stages[at].rule, customer, state.audiences)) return at;
  return stages.length;
}
const tally = (places, size) =>
  Array.from({ length: size + 1 }, (_, at) => places.filter((one) => one === at).length * weight);

export function counted(model) {
  const counts = tally(
    customers.map((one) => place(one, model.stages)),
    model.stages.length,
  );
  return { ...model, stages: model.stages.map((one, at) => ({ ...one, count: counts[at] })) };
}

export function stages_of(customer) {
  return models.flatMap((model) => {
    const stage = model.stages[place(customer, model.stages)];
    if (!stage) return [];
    const { id, name, kind } = model;
    return [{ model: id, model_name: name, kind, stage: stage.key, stage_name: stage.name }];
  });
}

const length_ms = { day: day_ms, week: 7 * day_ms, month: 30 * day_ms };
function moments_of(ask) {
  const step = length_ms[ask.per ?? 'week'];
  const span = Number.parseInt(ask.within ?? '30d', 10) * day_ms;
  const made = [];
  for (let moment = now; moment > now - span; moment -= step) made.unshift(moment);
  return made;
}
const model_of = (ask) => models.find((one) => one.id === ask.model) ?? models[0];
const scope_of = (ask) => (ask.audience ? members(ask.audience, state.audiences) : customers);
const places_at = (ask, moment) =>
  as_of(moment, () => scope_of(ask).map((one) => place(one, model_of(ask).stages)));
const day_text = (time) => iso(time + 8 * 3_600_000).slice(0, 10);

export function flow(ask) {
  const size = model_of(ask).stages.length;
  const moments = moments_of(ask);
  const all = moments.map((moment) => places_at(ask, moment));
  const [first, last] = [all[0], all.at(-1)];
  const flows = Array.from({ length: size + 1 }, (_, from) =>
    Array.from(
      { length: size + 1 },
      (__, to) => first.filter((one, i) => one === from && last[i] === to).length * weight,
    ),
  );
  const points = moments.map((moment, i) => ({
    at: day_text(moment),
    moment: iso(moment),
    people: tally(all[i], size),
  }));
  return { points, flows, elapsed_ms: 21, data_version: 812345 };
}

export function people({ stages: ask, from_stage, to_stage, at }) {
  const keys = [...model_of(ask).stages.map((one) => one.key), '$none'];
  const moments = moments_of(ask);
  const moment = moments.find((one) => day_text(one) === at) ?? moments.at(-1);
  const [first, last] = [places_at(ask, moments[0]), places_at(ask, moment)];
  return scope_of(ask).filter(
    (_, i) =>
      (!from_stage || keys[first[i]] === from_stage) && (!to_stage || keys[last[i]] === to_stage),
  );
}
