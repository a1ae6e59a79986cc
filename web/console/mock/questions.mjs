// The mock's answers to questions: computed from its customers' events, plainly.

import { customers, day_ms, member, now, weight } from './bank.mjs';
import { compare, duration, members, split_of } from './evaluate.mjs';
import * as state from './state.mjs';

const zone_ms = 8 * 3_600_000;
const day_of = (time) => new Date(time + zone_ms).toISOString().slice(0, 10);
const fits = (entry, pick) =>
  (pick.event === '$any' || entry.event === pick.event) &&
  (pick.where ?? []).every((one) => compare(entry.properties[one.property], one.op, one.value));
export const scope_of = (ask) => (ask.audience ? members(ask.audience, state.audiences) : customers);
const calendar = { today: 1, yesterday: 2, this_week: 7, last_week: 14, this_month: 30 };

export function period_of(ask) {
  if (ask.from) return [Date.parse(ask.from), Date.parse(ask.to)];
  return [now - (duration(ask.within) ?? (calendar[ask.within] ?? 60) * day_ms), now];
}
const within = (customer, [from, to]) =>
  customer.events.filter((entry) => entry.at > from && entry.at <= to);

function start_of_unit(time, unit) {
  const day = Math.floor((time + zone_ms) / day_ms) * day_ms - zone_ms;
  if (unit === 'day') return day;
  if (unit === 'week') return day - ((new Date(day + zone_ms).getUTCDay() + 6) % 7) * day_ms;
  const date = new Date(day + zone_ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) - zone_ms;
}
function next_unit(start, unit) {
  if (unit !== 'month') return start + (unit === 'week' ? 7 : 1) * day_ms;
  const date = new Date(start + zone_ms);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - zone_ms;
}
function units_of([from, to], unit) {
  const list = [];
  for (let at = start_of_unit(from + 1, unit); at < to; at = next_unit(at, unit)) list.push(at);
  return list;
}
const group_of = (customer, entry, by) =>
  (by.startsWith('tag:') ? customer.tags[by.slice(4)] : entry?.properties[by]) ?? null;
const middle = (values, share = 0.5) => {
  if (!values.length) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)];
};
export const scaled = (count) => count * weight;
const answered = (answer) => ({ ...answer, elapsed_ms: 38, data_version: 812345 });

// The longest chain of a customer: its entries, the latest start of equally long ones.
function chain_of(entries, ask) {
  let best = [];
  const window = duration(ask.window);
  for (let i = entries.length - 1; i >= 0; i -= 1) {
    if (!fits(entries[i], ask.steps[0])) continue;
    const chain = [entries[i]];
    const held = ask.hold && entries[i].properties[ask.hold];
    for (let k = i + 1; k < entries.length && chain.length < ask.steps.length; k += 1) {
      if (entries[k].at - entries[i].at > window) break;
      const broken = (ask.exclude ?? []).some(
        (one) => one.after === chain.length && fits(entries[k], one),
      );
      if (broken) break;
      const same = !ask.hold || entries[k].properties[ask.hold] === held;
      if (same && fits(entries[k], ask.steps[chain.length])) chain.push(entries[k]);
    }
    if (chain.length > best.length) best = chain;
  }
  return best;
}

const chains = (ask) =>
  scope_of(ask).map((customer) => [customer, chain_of(within(customer, period_of(ask)), ask)]);
const bucket_ends = [
  60e3,
  300e3,
  900e3,
  3600e3,
  6 * 3600e3,
  day_ms,
  3 * day_ms,
  7 * day_ms,
  30 * day_ms,
  90 * day_ms,
];
function timed(values, most) {
  const ends = bucket_ends.filter((end) => end <= most);
  if (ends.at(-1) !== most) ends.push(most);
  return ends.map((until_ms, i) => ({
    until_ms,
    count: scaled(values.filter((ms) => ms <= until_ms && ms > (ends[i - 1] ?? -1)).length),
  }));
}
const counted = (list, steps) =>
  steps.map((_, k) => ({ count: scaled(list.filter((chain) => chain.length > k).length) }));

function funnel(ask) {
  const found = chains(ask);
  const all = found.map(([, chain]) => chain);
  const steps = counted(all, ask.steps).map((step, k) => ({
    ...step,
    median_ms:
      k === 0
        ? null
        : middle(all.filter((one) => one.length > k).map((one) => one[k].at - one[0].at)),
  }));
  const answer = {
    total: scaled(found.length),
    steps,
    times: timed(
      all.filter((one) => one.length === ask.steps.length).map((one) => one.at(-1).at - one[0].at),
      duration(ask.window),
    ),
    rules: ask.hold || ask.exclude?.length ? null : ask.steps.map((_, k) => rule_of(ask, k + 1)),
  };
  if (ask.by?.audiences) {
    const is_in = split_of(ask.by, state.audiences);
    answer.groups = [...ask.by.audiences, null].map((group) => ({
      group: [group],
      steps: counted(
        found.filter(([one]) => is_in(one, group)).map(([, chain]) => chain),
        ask.steps,
      ),
    }));
  }
  if (ask.by?.length) {
    const groups = new Map();
    for (const [customer, chain] of found) {
      if (!chain.length) continue;
      const group = group_of(customer, chain[0], ask.by[0]);
      if (!groups.has(group)) groups.set(group, []);
      groups.get(group).push(chain);
    }
    answer.groups = [...groups]
      .map(([group, list]) => ({ group: [group], steps: counted(list, ask.steps) }))
      .sort((a, b) => b.steps[0].count - a.steps[0].count)
      .slice(0, 20);
  }
  if (ask.per)
    answer.series = units_of(period_of(ask), ask.per).map((start) => ({
      at: day_of(start),
      steps: counted(
        all.filter((one) => one.length && start_of_unit(one[0].at, ask.per) === start),
        ask.steps,
      ),
    }));
  return answered(answer);
}
const rule_of = (ask, reached) => {
  const { steps, window, within: span, from, to } = ask;
  const whole = reached === steps.length;
  const sequence = {
    sequence: steps,
    window,
    reached,
    op: whole ? 'gte' : 'eq',
    ...(span ? { within: span } : { from, to }),
  };
  return ask.audience ? { all: [ask.audience, sequence] } : sequence;
};

const first_of = (customer, ask) => {
  if (ask.first.event === '$new_customer') {
    const [from] = period_of(ask);
    return customer.is_new && customer.events[0]?.at > from ? customer.events[0] : undefined;
  }
  const inside = within(customer, period_of(ask));
  const first = (ask.first_ever ? customer.events : inside).find((one) => fits(one, ask.first));
  return inside.includes(first) ? first : undefined;
};
// The units after the first event in which the customer came back.
function returns_of(customer, first, ask) {
  const own = start_of_unit(first.at, ask.unit);
  const found = new Set();
  for (const entry of customer.events) {
    if (entry.at < first.at || !fits(entry, ask.then)) continue;
    let k = 0;
    for (let at = own; next_unit(at, ask.unit) <= entry.at; at = next_unit(at, ask.unit)) k += 1;
    found.add(k);
  }
  return found;
}
function retention(ask) {
  const cohorts = new Map(
    units_of(period_of(ask), ask.unit).map((start) => [
      start,
      { start, size: 0, returned: Array(ask.periods + 1).fill(0) },
    ]),
  );
  const people = [];
  for (const customer of scope_of(ask)) {
    const first = first_of(customer, ask);
    const cohort = first && cohorts.get(start_of_unit(first.at, ask.unit));
    if (!cohort) continue;
    const found = returns_of(customer, first, ask);
    const last = Math.max(...found, -1);
    const came = (k) => (ask.mode === 'unbounded' ? last >= k : found.has(k));
    cohort.size += 1;
    cohort.returned = cohort.returned.map((count, k) => count + (came(k) ? 1 : 0));
    people.push({ customer, first, came, cohort });
  }
  const list = [...cohorts.values()].map((one) => ({
    ...one,
    incomplete_from: open_from(one.start, ask),
  }));
  const over = (one, k) => one.incomplete_from === null || k < one.incomplete_from;
  const summed = (cohort_people) => {
    const result = { size: scaled(cohort_people.length), returned: [], base: [] };
    for (let k = 0; k <= ask.periods; k += 1) {
      const finished = cohort_people.filter(({ cohort }) =>
        over(
          list.find((one) => one.start === cohort.start),
          k,
        ),
      );
      result.base.push(scaled(finished.length));
      result.returned.push(scaled(finished.filter(({ came }) => came(k)).length));
    }
    return result;
  };
  const answer = {
    cohorts: list.map((one) => ({
      ...one,
      start: day_of(one.start),
      size: scaled(one.size),
      returned: one.returned.map(scaled),
    })),
    total: summed(people),
  };
  if (ask.by?.audiences) {
    const is_in = split_of(ask.by, state.audiences);
    answer.groups = [...ask.by.audiences, null].map((group) => ({
      group: [group],
      ...summed(people.filter(({ customer }) => is_in(customer, group))),
    }));
  }
  if (ask.by?.length) {
    const groups = new Map();
    for (const one of people) {
      const group = group_of(one.customer, one.first, ask.by[0]);
      groups.set(group, [...(groups.get(group) ?? []), one]);
    }
    answer.groups = [...groups]
      .map(([group, list_of]) => ({ group: [group], ...summed(list_of) }))
      .sort((a, b) => b.size - a.size);
  }
  return answered(answer);
}
function open_from(start, ask) {
  let at = start;
  for (let k = 0; k <= ask.periods; k += 1) {
    at = next_unit(at, ask.unit);
    if (at > now) return k;
  }
  return null;
}

function stages(ask) {
  const units = units_of(period_of(ask), ask.unit);
  const list = units.map((start) => ({
    at: day_of(start),
    new: [],
    current: [],
    resurrected: [],
    dormant: [],
  }));
  for (const customer of scope_of(ask)) {
    const active = new Set(
      customer.events
        .filter((entry) => fits(entry, ask))
        .map((entry) => start_of_unit(entry.at, ask.unit)),
    );
    const first = customer.is_new ? Math.min(...active) : -Infinity;
    units.forEach((start, i) => {
      const before = active.has(start_of_unit(start - 1, ask.unit));
      if (active.has(start))
        list[i][start === first ? 'new' : before ? 'current' : 'resurrected'].push(customer);
      else if (before) list[i].dormant.push(customer);
    });
  }
  return list;
}
const lifecycle = (ask) =>
  answered({
    points: stages(ask).map(({ at, ...found }) => ({
      at,
      ...Object.fromEntries(
        Object.entries(found).map(([stage, list]) => [stage, scaled(list.length)]),
      ),
    })),
  });

// The ways from (or back from) each matching event, newest first away from it.
function ways(ask) {
  const anchor = ask.start ?? ask.end;
  const step = ask.end ? -1 : 1;
  const window = ask.window ? duration(ask.window) : Infinity;
  const usual = ask.window || ask.hold ? Infinity : duration('30m');
  const gap = ask.gap ? duration(ask.gap) : usual;
  const held = (entry) => (ask.hold ? (entry.properties[ask.hold] ?? null) : 0);
  const seen = (entry) =>
    (!ask.only?.length || ask.only.includes(entry.event)) && !ask.leave_out?.includes(entry.event);
  return scope_of(ask).flatMap((customer) => {
    const all = within(customer, period_of(ask)).filter((one) => seen(one) || fits(one, anchor));
    return all.flatMap((entry) => {
      if (!fits(entry, anchor) || held(entry) === null) return [];
      const entries = all.filter((one) => held(one) === held(entry));
      const i = entries.indexOf(entry);
      const way = [entry.event];
      for (let k = i + step; entries[k] && way.length <= ask.steps; k += step) {
        if (Math.abs(entries[k].at - entries[k - step].at) > gap) break;
        if (Math.abs(entries[k].at - entry.at) > window) break;
        way.push(entries[k].event);
      }
      return [{ customer, way }];
    });
  });
}
const tally = (list) => {
  const counts = new Map();
  for (const key of list) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
};
// The events that the drawing tells apart at a depth.
const largest_at = (found, depth) =>
  new Set(
    tally(found.filter(({ way }) => way[depth]).map(({ way }) => way[depth]))
      .slice(0, 8)
      .map(([name]) => name),
  );
function paths(ask) {
  const found = ways(ask);
  const ranked = tally(found.map(({ way }) => way.join('\n')));
  const shown = ranked.slice(0, ask.limit ?? 20);
  const links = [];
  for (let depth = 0; depth < ask.steps; depth += 1) {
    const here = found.map(({ way }) => way).filter((way) => way.length > depth);
    const [from, to] = [largest_at(found, depth), largest_at(found, depth + 1)];
    const name = (event, known) =>
      event === undefined ? null : known.has(event) ? event : '$other';
    for (const [key, count] of tally(
      here.map((way) => JSON.stringify([name(way[depth], from), name(way[depth + 1], to)])),
    )) {
      const [source, target] = JSON.parse(key);
      links.push({ depth, from: source, to: target, count: scaled(count) });
    }
  }
  return answered({
    paths: shown.map(([key, count]) => ({
      events: ask.end ? key.split('\n').reverse() : key.split('\n'),
      count: scaled(count),
    })),
    links,
    starts: scaled(found.length),
    people: scaled(new Set(found.map(({ customer }) => customer)).size),
    left_out: ranked.length - shown.length,
  });
}

function spread(ask) {
  const [measure, property] = ask.measure.split(':');
  const found = scope_of(ask)
    .map((customer) => [
      customer,
      within(customer, period_of(ask)).filter((entry) => fits(entry, ask)),
    ])
    .filter(([, list]) => list.length);
  if (measure === 'hour')
    return Array.from({ length: 24 }, (_, hour) => {
      const at_hour = (entry) => new Date(entry.at + zone_ms).getUTCHours() === hour;
      const here = found.filter(([, list]) => list.some(at_hour));
      const rows = here.reduce((sum, [, list]) => sum + list.filter(at_hour).length, 0);
      return { from: hour, to: hour + 1, people: here.map(([one]) => one), rows, values: [] };
    });
  const value = (list) => {
    if (measure === 'days') return new Set(list.map((entry) => day_of(entry.at))).size;
    if (measure === 'sum')
      return list.reduce((sum, entry) => sum + (entry.properties[property] ?? 0), 0);
    return list.length;
  };
  const edges =
    ask.buckets ?? (measure === 'sum' ? [0, 1e3, 1e4, 5e4, 1e5, 5e5] : [1, 2, 3, 5, 10, 20, 50]);
  return edges.map((from, i) => {
    const to = edges[i + 1] ?? null;
    const here = found.filter(
      ([, list]) => value(list) >= from && (to === null || value(list) < to),
    );
    return {
      from,
      to,
      people: here.map(([one]) => one),
      rows: here.reduce((sum, [, list]) => sum + list.length, 0),
      values: here.map(([, list]) => value(list)),
    };
  });
}
function distribution(ask) {
  const found = spread(ask);
  const values = found.flatMap((one) => one.values);
  const people = new Set(found.flatMap((one) => one.people)).size;
  return answered({
    buckets: found.map(({ from, to, people: here, rows }) => ({
      from,
      to,
      people: scaled(here.length),
      rows: scaled(rows),
    })),
    people: scaled(people),
    mean: values.length ? values.reduce((sum, one) => sum + one, 0) / values.length : null,
    median: middle(values),
    p90: middle(values, 0.9),
  });
}

function pairs_of(ask) {
  return scope_of(ask).flatMap((customer) => {
    const entries = within(customer, period_of(ask));
    return entries.flatMap((entry, i) => {
      const next = fits(entry, ask.first) && entries.slice(i + 1).find((one) => fits(one, ask.then));
      const spent = next ? next.at - entry.at : Infinity;
      return spent <= duration(ask.window) ? [{ customer, spent }] : [];
    });
  });
}

function interval(ask) {
  const pairs = pairs_of(ask);
  const spans = pairs.map((one) => one.spent);
  const { window, within: period = '30d' } = ask;
  return answered({
    buckets: timed(spans, duration(window)),
    pairs: scaled(spans.length),
    people: scaled(new Set(pairs.map((one) => one.customer)).size),
    median_ms: middle(spans),
    p90_ms: middle(spans, 0.9),
    rule:
      ask.first.event === ask.then.event
        ? null
        : { sequence: [ask.first, ask.then], window, reached: 2, op: 'gte', within: period },
  });
}

const shares = {
  first: (list) => list.map((_, i) => (i === 0 ? 1 : 0)),
  last: (list) => list.map((_, i) => (i === list.length - 1 ? 1 : 0)),
  linear: (list) => list.map(() => 1 / list.length),
  position: (list) => {
    if (list.length < 3) return list.map(() => 1 / list.length);
    return list.map((_, i) => (i === 0 || i === list.length - 1 ? 0.4 : 0.2 / (list.length - 2)));
  },
  decay: (list, goal, ask) => {
    const half = duration(ask.half_life ?? '7d');
    const weights = list.map((entry) => 0.5 ** ((goal.at - entry.at) / half));
    const all = weights.reduce((sum, one) => sum + one, 0);
    return weights.map((one) => one / all);
  },
  // The mock shares by presence; the server computes Shapley values.
  shapley: (list) => list.map(() => 1 / list.length),
};
// The goals, each with the touches in its window.
function goals_of(ask) {
  return scope_of(ask).flatMap((customer) =>
    within(customer, period_of(ask))
      .filter((entry) => fits(entry, ask.goal))
      .map((goal) => ({
        customer,
        goal,
        before: customer.events.filter(
          (entry) =>
            entry.at < goal.at &&
            goal.at - entry.at <= duration(ask.window) &&
            ask.touches.some((one) => fits(entry, one)),
        ),
      })),
  );
}
const touch_group = (ask, touch) =>
  ask.by === '$event' ? touch.event : (touch.properties[ask.by] ?? null);

function attribution(ask) {
  const rows = new Map();
  let [conversions, unattributed, value] = [0, 0, 0];
  const row = (group) => {
    if (!rows.has(group))
      rows.set(group, { conversions: 0, value: 0, touches: 0, people: new Set() });
    return rows.get(group);
  };
  for (const { customer, goal, before } of goals_of(ask)) {
    const worth = goal.properties[ask.goal.value] ?? 0;
    conversions += 1;
    value += worth;
    if (!before.length) unattributed += 1;
    shares[ask.model](before, goal, ask).forEach((share, i) => {
      const own = row(touch_group(ask, before[i]));
      own.conversions += share;
      own.value += share * worth;
      own.touches += 1;
      own.people.add(customer);
    });
  }
  return answered({
    rows: [...rows]
      .map(([group, one]) => ({
        group: [group],
        conversions: scaled(one.conversions),
        value: ask.goal.value ? scaled(one.value) : null,
        touches: scaled(one.touches),
        people: scaled(one.people.size),
      }))
      .sort((a, b) => b.conversions - a.conversions),
    conversions: scaled(conversions),
    unattributed: scaled(unattributed),
    value: ask.goal.value ? scaled(value) : null,
  });
}

export const answers = { funnel, retention, lifecycle, paths, distribution, interval, attribution };

const same_group = (a, b) => !b || JSON.stringify(a) === JSON.stringify(b);
const behind = {
  funnel: (ask, { step, outcome, group, at }) => {
    const is_in = ask.by?.audiences && split_of(ask.by, state.audiences);
    return chains(ask)
      .filter(
        ([customer, chain]) =>
          (outcome === 'dropped' ? chain.length === step : chain.length >= step) &&
          (!group ||
            (is_in
              ? is_in(customer, group[0])
              : same_group([group_of(customer, chain[0], ask.by[0])], group))) &&
          (!at || day_of(start_of_unit(chain[0].at, ask.per)) === at),
      )
      .map(([customer]) => customer);
  },
  retention: (ask, { at, period, outcome }) =>
    scope_of(ask).filter((customer) => {
      const first = first_of(customer, ask);
      if (!first || (at && day_of(start_of_unit(first.at, ask.unit)) !== at)) return false;
      return returns_of(customer, first, ask).has(period) === (outcome === 'returned');
    }),
  lifecycle: (ask, { at, stage }) => stages(ask).find((one) => one.at === at)?.[stage] ?? [],
  paths: (ask, { events, node, link }) => {
    const found = ways(ask);
    const is_at = (way, depth, event) => {
      if (event === null) return way.length === depth;
      return event === '$other'
        ? way.length > depth && !largest_at(found, depth).has(way[depth])
        : way[depth] === event;
    };
    const fitting = ({ way }) => {
      if (node) return is_at(way, node.depth, node.event);
      if (link) return is_at(way, link.depth, link.from) && is_at(way, link.depth + 1, link.to);
      return (ask.end ? [...events].reverse() : events).every((event, i) => way[i] === event);
    };
    return [...new Set(found.filter(fitting).map(({ customer }) => customer))];
  },
  distribution: (ask, { bucket }) => spread(ask)[bucket].people,
  interval: (ask, { bucket }) => {
    const ends = timed([], duration(ask.window)).map((one) => one.until_ms);
    const place = ({ spent }) => ends.findIndex((end) => spent <= end);
    const meant = pairs_of(ask).filter((one) => bucket === undefined || place(one) === bucket);
    return [...new Set(meant.map((one) => one.customer))];
  },
  attribution: (ask, { group, outcome }) => {
    const meant = goals_of(ask).filter(({ before }) =>
      group
        ? before.some((touch) => touch_group(ask, touch) === group[0])
        : outcome !== 'unattributed' || !before.length,
    );
    return [...new Set(meant.map((one) => one.customer))];
  },
  metric: (ask, { group }) => {
    const is_in = ask.by?.audiences && split_of(ask.by, state.audiences);
    return scope_of(ask).filter(
      (one) =>
        (!group || !is_in || is_in(one, group[0])) &&
        within(one, period_of(ask)).some((entry) =>
          (ask.parts ?? [ask]).some((part) => fits(entry, part)),
        ),
    );
  },
};

export function people(body) {
  const kind = Object.keys(behind).find((one) => body[one]);
  return behind[kind](body[kind], body);
}
