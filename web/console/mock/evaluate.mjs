// The rule tree over the mock's customers, plainly: no index, no cleverness.

import { customers, day_ms, now, orgs } from './bank.mjs';

const units = { m: 60_000, h: 3_600_000, d: day_ms, w: 7 * day_ms };
const calendar = {
  today: 1,
  yesterday: 2,
  this_week: 5,
  last_week: 12,
  this_month: 20,
  last_month: 50,
  this_quarter: 60,
  this_year: 90,
};

export function duration(text) {
  const match = /^(\d+)([mhdw])$/.exec(text ?? '');
  return match ? Number(match[1]) * units[match[2]] : null;
}

// The moment that windows of time end with.
let moment = now;
export function as_of(time, work) {
  moment = time;
  try {
    return work();
  } finally {
    moment = now;
  }
}

function span(rule) {
  if (rule.from) return [Date.parse(rule.from), Date.parse(rule.to)];
  const size = duration(rule.within) ?? (calendar[rule.within] ?? 90) * day_ms;
  return [moment - size, moment];
}

export function compare(actual, op, wanted) {
  if (op === 'exists') return actual !== undefined;
  if (op === 'missing') return actual === undefined;
  if (actual === undefined) return false;
  switch (op) {
    case 'eq':
      return actual === wanted;
    case 'ne':
      return actual !== wanted;
    case 'in':
      return wanted.includes(actual);
    case 'not_in':
      return !wanted.includes(actual);
    case 'lt':
      return actual < wanted;
    case 'lte':
      return actual <= wanted;
    case 'gt':
      return actual > wanted;
    case 'gte':
      return actual >= wanted;
    case 'between':
      return actual >= wanted[0] && actual <= wanted[1];
    case 'contains':
      return Array.isArray(actual) ? actual.includes(wanted) : String(actual).includes(wanted);
    default:
      return false;
  }
}

const matches = (entry, event, where = []) =>
  entry.event === event &&
  where.every((one) => compare(entry.properties[one.property], one.op, one.value));

function measured(rule, found) {
  const [measure, property] = (rule.measure ?? 'count').split(':');
  const values = found
    .map((entry) => entry.properties[property])
    .filter((value) => value !== undefined);
  if (measure === 'count') return found.length;
  if (measure === 'days') return new Set(found.map((entry) => Math.floor(entry.at / day_ms))).size;
  if (measure === 'sum') return values.reduce((sum, value) => sum + value, 0);
  if (measure === 'distinct') return new Set(values).size;
  if (!found.length) return undefined;
  if (measure === 'first') return now - found[0].at;
  if (measure === 'last') return now - found.at(-1).at;
  if (measure === 'min') return Math.min(...values);
  if (measure === 'max') return Math.max(...values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function longest_chain(customer, rule) {
  const [from, to] = span(rule);
  const window = duration(rule.window) ?? day_ms;
  const entries = customer.events.filter((entry) => entry.at > from && entry.at <= to);
  let best = 0;
  for (let i = 0; i < entries.length && best < rule.sequence.length; i += 1) {
    if (!matches(entries[i], rule.sequence[0].event, rule.sequence[0].where)) continue;
    let step = 1;
    for (let k = i + 1; k < entries.length && step < rule.sequence.length; k += 1) {
      if (entries[k].at - entries[i].at > window) break;
      if (matches(entries[k], rule.sequence[step].event, rule.sequence[step].where)) step += 1;
    }
    best = Math.max(best, step);
  }
  return best;
}

export function holds(rule, customer, audiences) {
  if ('all' in rule) return rule.all.every((part) => holds(part, customer, audiences));
  if ('any' in rule) return rule.any.some((part) => holds(part, customer, audiences));
  if ('not' in rule) return !holds(rule.not, customer, audiences);
  if ('tag' in rule) return compare(customer.tags[rule.tag], rule.op, rule.value);
  if ('event' in rule) {
    const [from, to] = span(rule);
    const found = customer.events.filter(
      (e) => e.at > from && e.at <= to && matches(e, rule.event, rule.where),
    );
    const wanted = rule.op ? (duration(rule.value) ?? rule.value) : 1;
    return compare(measured(rule, found), rule.op ?? 'gte', wanted);
  }
  if ('sequence' in rule) return compare(longest_chain(customer, rule), rule.op, rule.reached);
  if ('audience' in rule) {
    const other = audiences.find((one) => one.id === rule.audience);
    return other ? holds(other.rule, customer, audiences) : false;
  }
  if ('org' in rule)
    return customer.org.startsWith(rule.org) && orgs.some((org) => org.code === rule.org);
  if ('consent' in rule) return customer.consents.includes(rule.consent);
  if ('identity' in rule) {
    const has = rule.identity === 'anonymous_id' ? customer.visitor : !customer.visitor;
    return has === (rule.op === 'exists');
  }
  if ('score' in rule)
    return rule.op === 'top'
      ? customer.score <= rule.value
      : compare(customer.score, rule.op, rule.value);
  return false;
}

export const members = (rule, audiences) =>
  customers.filter((customer) => holds(rule, customer, audiences));

// Whether a customer is in the group of an audience, or of no one that a question is split by.
export function split_of({ audiences }, known) {
  const inside = new Map(
    audiences.map((audience) => [audience, new Set(members({ audience }, known))]),
  );
  return (customer, group) =>
    group === null
      ? audiences.every((one) => !inside.get(one).has(customer))
      : Boolean(inside.get(group)?.has(customer));
}

export function parts_of(rule, audiences) {
  const parts = [];
  const everyone = members(rule, audiences).length;
  const visit = (node, pointer, without) => {
    const kind = 'all' in node ? 'all' : 'any' in node ? 'any' : null;
    if (!kind) return;
    node[kind].forEach((part, i) => {
      const rest = { [kind]: node[kind].filter((_, k) => k !== i) };
      const removed = kind === 'all' ? members(without(rest), audiences).length - everyone : 0;
      parts.push({
        pointer: `${pointer}/${kind}/${i}`,
        count: members(part, audiences).length,
        removes: Math.max(removed, 0),
      });
      visit(part, `${pointer}/${kind}/${i}`, (inner) =>
        without({ [kind]: node[kind].map((p, k) => (k === i ? inner : p)) }),
      );
    });
  };
  visit(rule, '', (whole) => whole);
  return parts;
}

// The rule with the truth on every node, for "why is this customer in this audience".
export function explained(rule, customer, audiences) {
  const truth = holds(rule, customer, audiences);
  const told = (text) => ({ holds: truth, because: text, because_zh: text, because_en: text });
  if ('all' in rule)
    return { all: rule.all.map((part) => explained(part, customer, audiences)), ...told('') };
  if ('any' in rule)
    return { any: rule.any.map((part) => explained(part, customer, audiences)), ...told('') };
  if ('not' in rule) return { not: explained(rule.not, customer, audiences), ...told('') };
  return { ...rule, ...told(because(rule, customer)) };
}

function because(rule, customer) {
  if ('tag' in rule) return `现值：${customer.tags[rule.tag] ?? '无'}`;
  if ('event' in rule) {
    const [from, to] = span(rule);
    const found = customer.events.filter(
      (e) => e.at > from && e.at <= to && matches(e, rule.event, rule.where),
    );
    return `期间内 ${found.length} 次`;
  }
  return '';
}
