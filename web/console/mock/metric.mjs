// Metrics of the mock: counted from the mock's customers, with formulas, groups, a rest, moving
// averages and a comparison.

import { customers, day_ms, now, weight } from './bank.mjs';
import { compare, duration, members, split_of } from './evaluate.mjs';
import * as state from './state.mjs';

export const day_of = (time) => new Date(time + 8 * 3_600_000).toISOString().slice(0, 10);

const unit_days = { day: 1, week: 7, month: 30 };
const shifts = { week: 7 * day_ms, year: 365 * day_ms };

export function metric(question) {
  const [from, to] = period_of(question);
  const answer = { ...table(question, from, to), elapsed_ms: 42, data_version: 812345 };
  if (question.compare) {
    const shift = shifts[question.compare] ?? to - from;
    answer.previous = table(question, from - shift, to - shift);
    delete answer.previous.left_out;
  }
  return answer;
}

function period_of(question) {
  if (question.from) return [Date.parse(question.from), Date.parse(question.to ?? day_of(now))];
  const size = duration(question.within) ?? (question.within === 'today' ? 1 : 30) * day_ms;
  return [now - size, now];
}

function table(question, from, to) {
  const { parts = [question], top } = question;
  const by = names_of(question);
  const units = units_of(question, from, to);
  const counted = parts.map((part) => rows_of(part, question, from, to));
  const keys = [...new Set(counted.flat().map((row) => row.key))];
  const size = (key) => counted.flat().filter((row) => row.key === key).length;
  const order = keys.sort((a, b) => size(b) - size(a));
  const shown = by.length ? order.slice(0, top ?? 100) : ['[]'];
  const row = (wants) => row_of(question, parts, counted, units, [from, to], wants);
  if (question.by?.audiences) {
    const is_in = split_of(question.by, state.audiences);
    return {
      series: [...question.by.audiences, null].map((group) => ({
        group: [group],
        ...row((one) => is_in(one.customer, group)),
      })),
      everyone: row(() => true),
    };
  }
  const rest = by.length ? order.slice(shown.length) : [];
  return {
    series: shown.map((key) => ({ group: JSON.parse(key), ...row((one) => one.key === key) })),
    ...(top && rest.length ? { rest: row((one) => rest.includes(one.key)) } : {}),
    ...(by.length ? { everyone: row(() => true) } : {}),
    ...(rest.length ? { left_out: rest.length } : {}),
  };
}

const names_of = ({ by }) => (Array.isArray(by) ? by : []);

function units_of(question, from, to) {
  const per_days = unit_days[question.per] ?? Infinity;
  const count = question.per === 'total' ? 1 : Math.ceil((to - from) / day_ms / per_days);
  const size = question.per === 'total' ? to - from : per_days * day_ms;
  return Array.from({ length: Math.max(count, 1) }, (_, i) => {
    const start = to - (count - i) * size;
    return { at: day_of(start + 1), from: start, to: start + size };
  });
}

function rows_of(part, question, from, to) {
  const { audience } = question;
  const by = names_of(question);
  const scope = audience ? members(audience, state.audiences) : customers;
  const [, property] = (part.measure ?? 'count').split(':');
  const rows = [];
  for (const customer of scope) {
    for (const entry of customer.events) {
      if (entry.at <= from - 90 * day_ms || entry.at > to || !is_asked(customer, entry, part))
        continue;
      const group = by.map(
        (one) =>
          (one.startsWith('tag:')
            ? customer.tags[one.slice(4)]
            : one === '$event'
              ? entry.event
              : entry.properties[one]) ?? null,
      );
      rows.push({
        key: JSON.stringify(group),
        at: entry.at,
        person: customer.id,
        customer,
        value: Number(entry.properties[property] ?? 0),
      });
    }
  }
  return rows;
}

function row_of({ formula = 'A', average }, parts, counted, units, [from, to], wants) {
  const value = (begin, end) =>
    worth(
      formula,
      parts.map((part, i) =>
        measured(
          part.measure ?? 'count',
          counted[i].filter((row) => row.at > begin && row.at <= end && wants(row)),
        ),
      ),
    );
  const points = units.map((unit) => ({ at: unit.at, value: value(unit.from, unit.to) }));
  if (average)
    points.forEach((point, i) => {
      const length = units[i].to - units[i].from;
      const known = Array.from({ length: average }, (_, k) =>
        value(units[i].from - k * length, units[i].to - k * length),
      ).filter((one) => one !== null);
      point.average = known.length ? known.reduce((a, b) => a + b, 0) / known.length : null;
    });
  return { points, total: value(from, to) };
}

function measured(measure, rows) {
  const [what] = measure.split(':');
  const people = new Set(rows.map((row) => row.person)).size;
  const sum = rows.reduce((all, row) => all + row.value, 0);
  if (what === 'unique') return people * weight;
  if (what === 'sum') return sum * weight;
  if (what === 'count') return rows.length * weight;
  if (rows.length === 0) return null;
  if (what === 'avg') return sum / rows.length;
  if (what === 'per_person') return rows.length / people;
  return Math[what](...rows.map((row) => row.value));
}

// The console has checked the formula; only its own signs come through.
export function worth(formula, numbers) {
  const plain = formula
    .replace(/×/g, '*')
    .replace(/÷/g, '/')
    .replace(/−/g, '-')
    .replace(/（/g, '(')
    .replace(/）/g, ')');
  if (!/^[A-Z0-9.+\-*/() ]+$/.test(plain)) return null;
  if ([...plain.matchAll(/[A-Z]/g)].some(([one]) => numbers[one.charCodeAt(0) - 65] === null))
    return null;
  const written = plain.replace(/[A-Z]/g, (one) => `(${numbers[one.charCodeAt(0) - 65] ?? 'NaN'})`);
  const value = new Function(`return ${written.replace(/--/g, '- -')}`)();
  return Number.isFinite(value) ? Math.round(value * 10_000) / 10_000 : null;
}

function is_asked(customer, entry, part) {
  if (part.event === '$new_customer') return customer.is_new && entry === customer.events[0];
  return (
    (part.event === '$any' || entry.event === part.event) &&
    (part.where ?? []).every((one) => compare(entry.properties[one.property], one.op, one.value))
  );
}
