// The mock's heat maps, effort and entries: clicks and exposures made from what its customers do.

import { customers, day_ms, now, orgs, weight } from './bank.mjs';
import { products } from './leagues.mjs';
import { period_of, scope_of } from './questions.mjs';
import { duration } from './evaluate.mjs';

const version_at = (time) =>
  time > now - 30 * day_ms ? '7.2.1' : time > now - 45 * day_ms ? '7.2.0' : '7.1.4';

// element, screen, label, x, y; the home page changes with 7.2.0.
const spots = new Map(
  [
    ['home.balance', '首页 / Home', '我的资产 / My assets', 0.36, 0.06],
    ['slot.home_top', '首页 / Home', '首页横幅 / Top banner', 0.5, 0.17],
    ['home.transfer', '首页 / Home', '转账 / Transfer', 0.14, 0.3],
    ['home.bills', '首页 / Home', '生活缴费 / Bills', 0.38, 0.3, 0.14],
    ['home.funds', '首页 / Home', '基金 / Funds', 0.62, 0.3, 0.38],
    ['home.deposits', '首页 / Home', '存款 / Deposits', 0.86, 0.3, 0.62],
    ['home.loans', '首页 / Home', '快贷 / Loans', 0.14, 0.41],
    ['home.more', '首页 / Home', '更多 / More', 0.86, 0.41],
    ['slot.home_feed', '首页 / Home', '信息流广告 / Feed card', 0.5, 0.6],
    ['home.article', '首页 / Home', '财经文章 / Articles', 0.5, 0.8],
    ['more.transfer', '更多 / More', '转账 / Transfer', 0.38, 0.56],
    ['transfer.confirm', '转账 / Transfer', '确认转账 / Confirm', 0.5, 0.72],
    ['funds.card', '基金列表 / Fund list', '基金卡片 / Fund card', 0.5, 0.42],
    ['fund.buy', '基金详情 / Fund', '申购 / Buy', 0.75, 0.95],
    ['order.confirm', '确认申购 / Fund order', '确认申购 / Confirm', 0.5, 0.8],
    ['deposit.buy', '存款 / Deposits', '存入 / Deposit now', 0.5, 0.92],
    ['loan.apply', '快贷 / Loans', '立即申请 / Apply', 0.5, 0.85],
    ['bill.pay', '生活缴费 / Bills', '缴费 / Pay', 0.5, 0.7],
  ].map(([element, page, label, x, y, x_new]) => [element, { element, page, label, x, y, x_new }]),
);
const ways = {
  balance_view: ['home.balance'],
  fund_list_view: ['home.funds'],
  fund_detail_view: ['funds.card'],
  fund_purchase_start: ['fund.buy'],
  fund_purchase: ['order.confirm'],
  deposit_view: ['home.deposits'],
  deposit_purchase: ['deposit.buy'],
  loan_view: ['home.loans'],
  loan_apply: ['loan.apply'],
  bill_payment: ['home.bills', 'bill.pay'],
  transfer_done: ['transfer.confirm'],
  article_view: ['home.article'],
};
function elements_of(entry, i) {
  const is_new = version_at(entry.at) !== '7.1.4';
  if (entry.event === 'transfer_start') return is_new ? ['home.more', 'more.transfer'] : ['home.transfer'];
  if (entry.event === 'fund_list_view' && i % 3 === 0) return ['slot.home_top'];
  if (entry.event === 'login' && i % 9 === 0) return ['slot.home_feed'];
  return ways[entry.event] ?? [];
}
function click_of(element, at) {
  const { x_new, ...spot } = spots.get(element);
  const version = version_at(at);
  return { ...spot, event: 'click', at, version, x: version !== '7.1.4' && x_new ? x_new : spot.x };
}
// A panel of them is recorded.
const recorded = customers.filter((_, i) => i % 4 === 0).map((customer) => ({
  customer,
  rows: customer.events.flatMap((entry, i) => {
    const slots = entry.event === 'login' ? ['slot.home_top', ...(i % 2 ? ['slot.home_feed'] : [])] : [];
    const clicks = elements_of(entry, i).map((element, k, all) =>
      click_of(element, entry.at - (all.length - k) * 900),
    );
    const shown = slots.map((element) => {
      const { page, label: slot } = spots.get(element);
      return { event: 'exposure', at: entry.at, slot, page };
    });
    const channel = entry.properties.channel ?? '手机银行';
    return [...shown, ...clicks, { ...entry, name: entry.event }].map((row) => ({
      ...{ version: version_at(row.at), channel },
      ...row,
    }));
  }),
}));
for (const { rows } of recorded) rows.sort((a, b) => a.at - b.at);
// The rows of a question that was asked a moment ago are kept: an answer asks for them many times.
let kept = { key: null, rows: [] };
function rows_in(ask) {
  const key = JSON.stringify([ask.within, ask.from, ask.to, ask.audience]);
  if (kept.key === key) return kept.rows;
  const [from, to] = period_of(ask);
  const scope = new Set(scope_of(ask));
  const rows = recorded
    .filter(({ customer }) => scope.has(customer))
    .map(({ customer, rows: own }) => ({
      customer,
      rows: own.filter((row) => row.at > from && row.at <= to),
    }));
  kept = { key, rows };
  return rows;
}
const told = (answer) => ({ ...answer, elapsed_ms: 21, data_version: 812345 });
const scaled = (count) => Math.round(count * weight);
const share = (part, base) => (base ? Number((part / base).toFixed(4)) : null);
const is_of = (ask, side, version) =>
  side === 'before' ? version === ask.than : !ask.version || version === ask.version;
const sides = (ask) => (ask.than ? ['now', 'before'] : ['now']);
const by_side = (ask, make) => Object.fromEntries(sides(ask).map((side) => [side, make(side)]));

// ---- heat maps ----

const clicks_in = (ask) =>
  rows_in(ask).flatMap(({ customer, rows }) =>
    rows.filter((row) => row.event === 'click').map((row) => ({ customer, ...row })),
  );
const counted = (clicks) => ({
  clicks: scaled(clicks.length),
  people: scaled(new Set(clicks.map((one) => one.customer)).size),
});
function grouped(list, key) {
  const groups = new Map();
  for (const one of list) {
    if (!groups.has(key(one))) groups.set(key(one), []);
    groups.get(key(one)).push(one);
  }
  return [...groups].sort((a, b) => b[1].length - a[1].length);
}
function screen(ask) {
  const all = clicks_in(ask);
  const here = all.filter((one) => one.page === ask.screen);
  const of_side = (side) => here.filter((one) => is_of(ask, side, one.version));
  return told({
    screens: grouped(all, (one) => one.page).map(([name, list]) => ({ screen: name, ...counted(list) })),
    versions: grouped(ask.screen ? here : all, (one) => one.version)
      .map(([version, list]) => ({
        version,
        ...counted(list),
        first_at: new Date(Math.min(...list.map((one) => one.at))).toISOString(),
      }))
      .sort((a, b) => b.first_at.localeCompare(a.first_at)),
    elements: grouped(here, (one) => one.element)
      .filter(([, list]) => list.some((one) => sides(ask).some((side) => is_of(ask, side, one.version))))
      .map(([element, list]) => ({
        element,
        label: list.at(-1).label,
        ...by_side(ask, (side) => {
          const own = list.filter((one) => is_of(ask, side, one.version));
          const mean = (name) =>
            own.length ? own.reduce((sum, one) => sum + one[name], 0) / own.length : null;
          return { ...counted(own), share: share(own.length, of_side(side).length), x: mean('x'), y: mean('y') };
        }),
      }))
      .sort((a, b) => b.now.clicks - a.now.clicks),
    left_out: 0,
    ...by_side(ask, (side) => counted(of_side(side))),
  });
}

// ---- effort ----

function visits_in(ask) {
  return rows_in(ask).flatMap(({ customer, rows }) => {
    const made = [];
    for (const row of rows) {
      const last = made.at(-1)?.rows.at(-1);
      if (!last || row.at - last.at > 1_800_000) made.push({ customer, rows: [] });
      made.at(-1).rows.push(row);
    }
    return made
      .map((visit) => ({
        ...visit,
        clicks: visit.rows.filter((row) => row.event === 'click'),
        done: visit.rows.filter((row) => products.some((one) => has(one.transactions, row))),
      }))
      .filter((visit) => visit.clicks.length);
  });
}
const names = new Map();
function has(list, row) {
  if (!list) return false;
  if (!names.has(list)) names.set(list, new Set(list.map((one) => one.event)));
  return names.get(list).has(row.event);
}
const quartiles = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (part) => sorted[Math.max(Math.ceil(sorted.length * part) - 1, 0)] ?? null;
  return { count: scaled(sorted.length), low: at(0.25), median: at(0.5), high: at(0.75) };
};
function taps_of(visits, product, is_own) {
  const taps = [];
  for (const { rows, clicks, done: all_done } of visits) {
    let from = -Infinity;
    for (const done of all_done) {
      if (has(product.transactions, done)) {
        const use = rows.find((row) => row.at > from && row.at <= done.at && has(product.uses, row));
        const begin = is_own ? use?.at : from + 1;
        if (begin !== undefined)
          taps.push(clicks.filter((row) => row.at >= begin && row.at <= done.at).length);
      }
      from = done.at;
    }
  }
  return quartiles(taps);
}
function depths_of(visits) {
  const depths = new Map();
  for (const { customer, rows } of visits) {
    const met = [...new Set(rows.filter((row) => row.page).map((row) => row.page))];
    met.forEach((page, depth) => {
      if (!depths.has(page)) depths.set(page, []);
      depths.get(page).push({ customer, depth });
    });
  }
  return depths;
}
const users_of = (ask, product, side) =>
  rows_in(ask)
    .filter(({ rows }) =>
      rows.some(
        (row) =>
          is_of(ask, side, row.version) && (has(product.uses, row) || has(product.transactions, row)),
      ),
    )
    .map((one) => one.customer);
function effort(ask) {
  const all = visits_in(ask);
  const visits = by_side(ask, (side) =>
    all.filter(({ clicks }) => clicks.some((row) => is_of(ask, side, row.version))),
  );
  const active = by_side(
    ask,
    (side) => rows_in(ask).filter(({ rows }) => rows.some((row) => is_of(ask, side, row.version))).length,
  );
  const depths = by_side(ask, (side) => depths_of(visits[side]));
  const from = ask.deep_from ?? 3;
  return told({
    functions: products.map((product) => ({
      product,
      ...by_side(ask, (side) => {
        const people = users_of(ask, product, side).length;
        return {
          people: scaled(people),
          share: share(people, active[side]),
          rare: people * 100 < active[side] * (ask.rare_percent ?? 5),
          taps: taps_of(visits[side], product, false),
          own_taps: taps_of(visits[side], product, true),
        };
      }),
    })),
    screens: [...depths.now.keys()]
      .map((name) => ({
        screen: name,
        ...by_side(ask, (side) => {
          const own = depths[side].get(name) ?? [];
          const deep = own.filter((one) => one.depth >= from).length;
          return {
            ...{ visits: scaled(own.length), deep_visits: scaled(deep) },
            median: quartiles(own.map((one) => one.depth)).median,
            deep: deep * 2 > own.length,
          };
        }),
      }))
      .sort((a, b) => b.now.visits - a.now.visits),
    ...by_side(ask, (side) => ({ active: scaled(active[side]), visits: scaled(visits[side].length) })),
  });
}

// ---- entries ----

const above = (code, kind) => {
  for (let org = orgs.find((one) => one.code === code); org; org = orgs.find((one) => one.code === org.parent))
    if (org.kind === kind) return org.code;
  return null;
};
function entry_of(customer, row, by) {
  if (by.startsWith('tag:')) return customer.tags[by.slice(4)] ?? null;
  if (by.startsWith('$')) return above(customer.org, by.slice(1));
  return row[by] ?? row.properties?.[by] ?? null;
}
function reached(ask) {
  const product = products.find((one) => one.id === ask.product) ?? products[1];
  const window = duration(ask.window ?? '1d');
  const [start, done] = (product.steps ?? []).slice(-2).map((one) => one.event);
  const found = [];
  for (const { customer, rows } of rows_in(ask)) {
    const best = new Map();
    for (const shown of rows.filter((row) => row.event === 'exposure')) {
      const entry = entry_of(customer, shown, ask.by[0]);
      if (entry === null) continue;
      const tests = [
        (row) =>
          row.event === 'click' &&
          row.element.startsWith('slot.') &&
          (ask.by[0] !== 'slot' || row.label === entry),
        (row) => row.event === start,
        (row) => row.event === done,
      ];
      let [steps, at] = [1, shown.at];
      for (const test of tests) {
        const next = rows.find((row) => row.at > at && row.at <= shown.at + window && test(row));
        if (!next) break;
        [steps, at] = [steps + 1, next.at];
      }
      best.set(entry, Math.max(best.get(entry) ?? 0, steps));
    }
    for (const [entry, steps] of best) found.push({ customer, entry, steps });
  }
  return found;
}
const by_step = (list) => [1, 2, 3, 4].map((step) => scaled(list.filter((one) => one.steps >= step).length));
function entries(ask) {
  const found = reached(ask);
  const rows = grouped(found, (one) => one.entry).map(([entry, list]) => ({
    entry,
    name: ask.by[0].startsWith('$') ? orgs.find((one) => one.code === entry).name : null,
    steps: by_step(list),
  }));
  const rate = (row) => row.steps[3] / row.steps[0];
  const seen = rows.filter((row) => row.steps[0] >= 30);
  const least = seen.length > 1 ? seen.reduce((a, b) => (rate(b) < rate(a) ? b : a)) : null;
  const people = new Map();
  for (const one of found)
    people.set(one.customer, Math.max(people.get(one.customer) ?? 0, one.steps));
  return told({
    rows: rows.map((row) => ({ ...row, least: row === least })),
    total: by_step([...people.values()].map((steps) => ({ steps }))),
    left_out: 0,
  });
}

export const answers = { screen, effort, entries };

// The customers behind a number.
export function people(body) {
  if (body.entries) {
    const { entry, step = 1, outcome } = body;
    const fits = (steps) => (outcome === 'dropped' ? steps === step : steps >= step);
    return [
      ...new Set(
        reached(body.entries)
          .filter((one) => (entry === undefined || one.entry === entry) && fits(one.steps))
          .map((one) => one.customer),
      ),
    ];
  }
  const side = body.release ?? 'now';
  if (body.screen)
    return [
      ...new Set(
        clicks_in(body.screen)
          .filter(
            (one) =>
              one.page === body.screen.screen &&
              (!body.element || one.element === body.element) &&
              is_of(body.screen, side, one.version),
          )
          .map((one) => one.customer),
      ),
    ];
  if (body.page) {
    const from = body.what === 'met_deep' ? (body.effort.deep_from ?? 3) : 0;
    const met = depths_of(visits_in(body.effort)).get(body.page) ?? [];
    return [...new Set(met.filter((one) => one.depth >= from).map((one) => one.customer))];
  }
  return users_of(body.effort, products.find((one) => one.id === body.product) ?? products[0], side);
}
