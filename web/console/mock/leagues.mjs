// The mock's products, league tables and targets, plainly over its customers.

import { customers, day_ms, now, orgs, weight } from './bank.mjs';
import { compare, members } from './evaluate.mjs';
import * as state from './state.mjs';

const zone_ms = 8 * 3_600_000;
const day_of = (time) => new Date(time + zone_ms).toISOString().slice(0, 10);
const start_of_day = (day) => Date.parse(`${day}T00:00:00+08:00`);
const iso = (time) => new Date(time).toISOString();
const stamp = { version: 1, created_at: iso(now), created_by: 'system', updated_at: iso(now), updated_by: 'system' };

const define = (id, kind, name_zh, name_en, uses, transactions = [], steps = []) => ({
  ...{ id, kind, name_zh, name_en },
  uses: uses.map((event) => ({ event })),
  ...(transactions.length
    ? { transactions: transactions.map((event) => ({ event })), value: 'amount', effective_transactions: 2 }
    : {}),
  ...(steps.length ? { steps: steps.map((event) => ({ event })) } : {}),
  ...stamp,
});

export const products = [
  define('prd_1', 'app', '手机银行', 'Mobile banking', ['app_open', 'login'], [
    'fund_purchase',
    'deposit_purchase',
    'bill_payment',
    'transfer_done',
  ]),
  define('prd_2', 'product', '基金', 'Funds', ['fund_list_view', 'fund_detail_view'], ['fund_purchase'], [
    'fund_list_view',
    'fund_detail_view',
    'fund_purchase_start',
    'fund_purchase',
  ]),
  define('prd_3', 'product', '存款', 'Deposits', ['deposit_view'], ['deposit_purchase'], [
    'deposit_view',
    'deposit_purchase',
  ]),
  define('prd_4', 'function', '转账', 'Transfers', ['transfer_start'], ['transfer_done'], [
    'transfer_start',
    'transfer_done',
  ]),
  define('prd_5', 'function', '财经文章', 'Articles', ['article_view']),
];
const targets = [];

const matches = (list, entry) =>
  (list ?? []).some(
    (one) =>
      one.event === entry.event &&
      (one.where ?? []).every((test) => compare(entry.properties[test.property], test.op, test.value)),
  );

function first_day(day, per) {
  if (per === 'day') return day;
  const date = new Date(`${day}T00:00:00Z`);
  if (per === 'month') return `${day.slice(0, 7)}-01`;
  return new Date(date.getTime() - ((date.getUTCDay() + 6) % 7) * day_ms).toISOString().slice(0, 10);
}
function unit_of(day, per) {
  const first = first_day(day, per);
  const from = start_of_day(first);
  if (per !== 'month') return { first, from, until: from + (per === 'week' ? 7 : 1) * day_ms };
  const next = new Date(Date.UTC(Number(first.slice(0, 4)), Number(first.slice(5, 7)), 1));
  return { first, from, until: start_of_day(next.toISOString().slice(0, 10)) };
}
function compared(ask) {
  const per = ask.per ?? 'month';
  const unit = unit_of(ask.at ?? day_of(now), per);
  const before = unit_of(day_of(unit.from - day_ms), per);
  const running = unit.until > now;
  if (running) {
    unit.until = now + 1;
    before.until = Math.min(unit.from, before.from + (unit.until - unit.from));
  }
  return { unit, before, running };
}
const days_of = (unit) => Math.ceil((unit.until - unit.from) / day_ms);

// What one customer did with a product in a period.
function doings(customer, product, unit) {
  const days = new Set();
  const own = { transactions: 0, value: 0 };
  for (const entry of customer.events) {
    if (entry.at < unit.from || entry.at >= unit.until) continue;
    const transacts = matches(product.transactions, entry);
    if (transacts || matches(product.uses, entry)) days.add(day_of(entry.at));
    if (!transacts) continue;
    own.transactions += 1;
    own.value += Number(entry.properties[product.value] ?? 0);
  }
  return { ...own, days: days.size };
}
const is_in = {
  customers: () => true,
  active: (one) => one.days > 0,
  inactive: (one) => one.days === 0,
  transacting: (one) => one.transactions > 0,
  effective: (one, product) => one.transactions >= (product.effective_transactions ?? 1),
};

function activity(list, product, unit) {
  const all = list.map((customer) => doings(customer, product, unit));
  const count = (part) => all.filter((one) => is_in[part](one, product)).length * weight;
  const sum = (name) => Math.round(all.reduce((total, one) => total + one[name], 0) * weight);
  const [active, transacting] = [count('active'), count('transacting')];
  return {
    ...{ customers: count('customers'), active, active_days: sum('days') },
    stickiness: active ? Number((sum('days') / active / days_of(unit)).toFixed(4)) : null,
    ...{ transacting, effective: count('effective') },
    conversion: active ? Number((transacting / active).toFixed(4)) : null,
    ...{ transactions: sum('transactions'), value: sum('value') },
  };
}

const rank_of = (value, values) =>
  value === null ? null : 1 + values.filter((other) => other !== null && other > value).length;
const is_below = (code, unit) => code === unit || (code ?? '').startsWith(unit);
const scope_of = (ask) => (ask.audience ? members(ask.audience, state.audiences) : customers);
const product_of = (ask) => products.find((one) => one.id === ask.product) ?? products[0];
const key_of = (one) => [one.product, one.org, one.measure, one.per, first_day(one.at, one.per)].join(' ');
const told = ({ unit, before, running }) => {
  const shown = (one) => ({ at: one.first, from: iso(one.from), until: iso(one.until), days: days_of(one) });
  return { unit: shown(unit), previous: shown(before), running, elapsed_ms: 12, data_version: 812345 };
};

function league(ask) {
  const product = product_of(ask);
  const units = compared(ask);
  const measure = ask.measure ?? 'active';
  const scope = scope_of(ask).filter((one) => is_below(one.org, ask.below ?? ''));
  const rows = orgs
    .filter((org) => org.kind === (ask.units ?? 'branch') && is_below(org.code, ask.below ?? ''))
    .map((org) => {
      const list = scope.filter((one) => is_below(one.org, org.code));
      const aim = { ...ask, measure, org: org.code, per: ask.per ?? 'month', at: units.unit.first };
      return {
        ...{ org: org.code, name: org.name, kind: org.kind, parent: org.parent },
        now: activity(list, product, units.unit),
        before: activity(list, product, units.before),
        target: targets.find((one) => one.key === key_of(aim))?.target ?? null,
      };
    });
  const all = (when) => rows.map((row) => row[when][measure]);
  for (const row of rows) {
    row.rank = rank_of(row.now[measure], all('now'));
    row.previous_rank = rank_of(row.before[measure], all('before'));
  }
  rows.sort((a, b) => (a.rank ?? 1e9) - (b.rank ?? 1e9));
  const total = {
    now: activity(scope, product, units.unit),
    before: activity(scope, product, units.before),
  };
  return { rows, total, ...told(units) };
}

function results(ask) {
  const units = compared(ask);
  const scope = scope_of(ask);
  return {
    products: products.map((product) => ({
      product,
      now: activity(scope, product, units.unit),
      before: activity(scope, product, units.before),
      funnel: (product.steps ?? []).map(
        (_, last) =>
          scope.filter((one) => reaches(one, product.steps.slice(0, last + 1), units.unit)).length * weight,
      ),
    })),
    ...told(units),
  };
}
function reaches(customer, steps, unit) {
  let at = 0;
  for (const entry of [...customer.events].sort((a, b) => a.at - b.at))
    if (entry.at >= unit.from && entry.at < unit.until && steps[at] && matches([steps[at]], entry)) at += 1;
  return at >= steps.length;
}

// Day numbers on which each customer was active.
const active_days = (list, product) =>
  list.map(
    (customer) =>
      new Set(
        customer.events
          .filter((entry) => matches(product.uses, entry) || matches(product.transactions, entry))
          .map((entry) => Math.floor((entry.at + zone_ms) / day_ms)),
      ),
  );

function curve(ask) {
  const all = active_days(scope_of(ask), product_of(ask));
  const today = Math.floor((now + zone_ms) / day_ms);
  const count = (last, length) =>
    all.filter((days) => [...Array(length).keys()].some((back) => days.has(last - back))).length *
    weight;
  const points = Array.from({ length: 60 }, (_, i) => {
    const day = today - 59 + i;
    const at = new Date(day * day_ms).toISOString().slice(0, 10);
    return { at, dau: count(day, 1), wau: count(day, 7), mau: count(day, 30) };
  });
  return { points, elapsed_ms: 12, data_version: 812345 };
}

export const answers = { league, products: results, activity: curve };

export function people({ league: ask, activity, org, part = 'active', at, span = 'day' }) {
  if (activity) {
    const last = Math.floor(Date.parse(`${at}T00:00:00Z`) / day_ms);
    const backs = [...Array({ day: 1, week: 7, month: 30 }[span]).keys()];
    const days = active_days(scope_of(activity), product_of(activity));
    return scope_of(activity).filter((_, i) => backs.some((back) => days[i].has(last - back)));
  }
  const product = product_of(ask);
  const { unit } = compared(ask);
  return scope_of(ask).filter(
    (one) =>
      is_below(one.org, org ?? ask.below ?? '') && is_in[part](doings(one, product, unit), product),
  );
}

export function set_target(body, who) {
  const key = key_of(body);
  const known = targets.findIndex((one) => one.key === key);
  if (known >= 0) targets.splice(known, 1);
  if (body.value === undefined || body.value === null) return;
  const target = { org: body.org, value: body.value, set_at: iso(Date.now()), set_by: who.id, set_by_name: who.name };
  targets.push({ key, target });
}
export const targets_of = (key) =>
  targets.filter((one) => one.key === key_of({ ...key, org: one.target.org })).map((one) => one.target);
