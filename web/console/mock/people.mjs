// The people behind a number: listed in pages, exported, and kept as a fixed audience.

import * as acquisition from './acquisition.mjs';
import { customers, member } from './bank.mjs';
import * as leagues from './leagues.mjs';
import * as questions from './questions.mjs';
import * as screens from './screens.mjs';
import * as stages from './stages.mjs';

function found_by(body) {
  if (body.acquisition) return acquisition.people(body);
  if (body.screen || body.effort || body.entries) return screens.people(body);
  if (body.returns) return customers.slice(0, 40);
  if (body.league || body.activity) return leagues.people(body);
  return body.stages ? stages.people(body) : questions.people(body);
}

const csv = (found) => {
  const rows = found.map(member).map((one) => `${one.customer},${one.identities.user_id?.[0] ?? ''}`);
  return ['customer,user_id', ...rows, ''].join('\r\n');
};

export function list(body, accept = '') {
  const found = found_by(body);
  if (accept.includes('csv')) return { raw: csv(found), type: 'text/csv; charset=utf-8' };
  const start = Number(body.cursor ?? 0);
  const end = start + (body.limit ?? 50);
  return {
    items: found.slice(start, end).map(member),
    next_cursor: end < found.length ? String(end) : null,
    total: questions.scaled(found.length),
  };
}

// The audience's rule tests a tag that its people now carry.
export function keep(id, { people, name, description }) {
  const found = found_by(people);
  for (const customer of found) (customer.tags.$fixed_audiences ??= []).push(id);
  const at = new Date().toISOString();
  return {
    id,
    name,
    description: description ?? '',
    rule: { tag: '$fixed_audiences', op: 'contains', value: id },
    refresh: 'manual',
    state: 'active',
    count: questions.scaled(found.length),
    share: (questions.scaled(found.length)) / 20000,
    computed_at: at,
    used_by: [],
    fixed: {
      at,
      question: people,
      people: questions.scaled(found.length),
      done: questions.scaled(found.length),
      status: 'done',
      message: '',
      job_id: null,
    },
  };
}
