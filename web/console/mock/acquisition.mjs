// The mock's prices, spending, and where its customers came from, plainly over its customers.

import { at, customers, day_ms, now, weight } from './bank.mjs';
import { duration, holds, members } from './evaluate.mjs';
import * as state from './state.mjs';

const iso = (time) => new Date(time).toISOString();
const day = (ago) => new Date(now - ago * day_ms + 8 * 3_600_000).toISOString().slice(0, 10);
const stamp = { version: 1, created_at: at(30), created_by: 'usr_5' };

export const prices = [
  ['chn_1', 0.002, 90],
  ['chn_2', 0.05, -20],
  ['chn_2', 0.042, 40],
  ['chn_2', 0.045, 200],
].map(([channel, amount, ago], i) => ({
  id: `prc_${i + 1}`,
  channel: state.channels[Number(channel.slice(4)) - 1]?.id ?? state.channels[0].id,
  amount,
  valid_from: day(ago),
  created_at: at(30),
  created_by: 'usr_1',
}));

export const spending = [
  ['short_video', 89, 0, 86_000, '短视频投放'],
  ['search', 89, 0, 52_000, '搜索广告'],
  ['partner_metro', 60, 0, 30_000, '地铁合作推广费'],
  ['branch', 89, 0, 24_000, '网点海报与开户礼'],
  ['poster', 20, 6, 6_500, '楼宇海报，尚无客户'],
].map(([origin, from, to, amount, note], i) => ({
  id: `spd_${i + 1}`,
  by: 'tag:origin',
  origin,
  from: day(from),
  to: day(to),
  amount,
  note,
  author: '孙伟',
  updated_at: at(i + 1),
  updated_by: 'usr_5',
  ...stamp,
}));

export const steps = {
  user: { identity: 'user_id', op: 'exists' },
  customer: { tag: 'aum', op: 'gte', value: 10_000 },
  transacting: { any: [{ event: 'fund_purchase' }, { event: 'deposit_purchase' }] },
  loyal: { any: [{ event: 'fund_purchase', within: '90d', op: 'gte', value: 2 }] },
  version: 0,
  updated_at: null,
  updated_by: '',
};
export function change_steps(body) {
  return Object.assign(steps, body, { version: steps.version + 1, updated_at: iso(Date.now()) });
}
const rules = () => [steps.user, steps.customer, steps.transacting, steps.loyal];

const names = ['branch', 'short_video', 'search', 'partner_metro', 'friend', null];
const shares = [9, 7, 4, 3, 2, 1];
const total_share = shares.reduce((sum, one) => sum + one, 0);
function origin_of(customer, by) {
  if (by !== 'tag:origin') return customer.tags[by.replace('tag:', '')] ?? null;
  let rest = (customers.indexOf(customer) * 7919) % total_share;
  return names[shares.findIndex((share) => (rest -= share) < 0)];
}

const from_of = (ask) =>
  ask.from ? Date.parse(`${ask.from}T00:00:00+08:00`) : now - (duration(ask.within) ?? 30 * day_ms);
const first_of = (customer) => Math.min(...customer.events.map((one) => one.at));
const by_of = (ask) => ask.by?.[0] ?? 'tag:origin';

// How many steps a person has come: 1 is a visitor.
function reached(customer) {
  const stop = rules().findIndex((rule) => !holds(rule, customer, state.audiences));
  return stop < 0 ? 5 : stop + 1;
}
const visitors_of = (ask) =>
  (ask.audience ? members(ask.audience, state.audiences) : customers).filter(
    (one) => first_of(one) >= from_of(ask),
  );

function spent(ask, origin) {
  const from = from_of(ask);
  return spending
    .filter((one) => one.by === by_of(ask) && one.origin === origin)
    .reduce((sum, one) => {
      const begin = Date.parse(`${one.from}T00:00:00+08:00`);
      const end = Date.parse(`${one.to}T00:00:00+08:00`) + day_ms;
      const part = Math.max(0, Math.min(end, now) - Math.max(begin, from)) / (end - begin);
      return sum + one.amount * part;
    }, 0);
}
function counted(people, money) {
  const counts = [1, 2, 3, 4, 5].map(
    (step) => people.filter((one) => reached(one) >= step).length * weight,
  );
  const contact_cost = Math.round(people.length * weight * 0.31 * 100) / 100;
  const cost = money + contact_cost;
  return {
    people: counts,
    spending: Math.round(money * 100) / 100,
    contact_cost,
    cost_per: counts.map((one) => (one ? Math.round((cost / one) * 1e4) / 1e4 : null)),
  };
}

export function answer(ask) {
  const by = by_of(ask);
  const people = visitors_of(ask);
  const has_spending = !ask.audience;
  const values = new Set(people.map((one) => origin_of(one, by)));
  if (has_spending)
    for (const one of spending)
      if (one.by === by && spent(ask, one.origin) > 0) values.add(one.origin);
  const money = (value) => (has_spending ? spent(ask, value) : 0);
  const origins = [...values]
    .map((value) => ({
      group: [value],
      ...counted(
        people.filter((one) => origin_of(one, by) === value),
        money(value),
      ),
    }))
    .sort((a, b) => b.people[0] - a.people[0]);
  return {
    origins,
    rest: null,
    left_out: 0,
    total: counted(
      people,
      origins.reduce((sum, one) => sum + one.spending, 0),
    ),
    has_spending,
    elapsed_ms: 17,
    data_version: 812345,
  };
}

export function people({ acquisition: ask, group, step = 1, outcome = 'reached' }) {
  return visitors_of(ask).filter((one) => {
    const come = reached(one);
    const fits = outcome === 'reached' ? come >= step : come === step;
    return fits && (!group || origin_of(one, by_of(ask)) === group[0]);
  });
}
