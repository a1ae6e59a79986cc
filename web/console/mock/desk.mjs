// The analysts' desk and the boards' mails of the mock. Queries are not understood: a few words decide
// what becomes of one, so that every state of the page can be seen.

import { customers } from './bank.mjs';
import * as state from './state.mjs';
import { ready_made } from './ready_made.mjs';

const column = (name, type, about_en, about_zh) => ({ name, type, about_en, about_zh });
const customer = column('customer', 'UBIGINT', 'The customer, as a number', '客户的数字编号');
const schema = {
  tables: [
    {
      name: 'events',
      about_en: 'Everything that happened, one row each',
      about_zh: '发生过的每一件事，一行一件',
      columns: [
        customer,
        column('time', 'TIMESTAMP', 'When, in the bank’s time zone', '发生时间（本行时区）'),
        column('event', 'VARCHAR', 'The event’s name in the dictionary', '事件名，见字典'),
        column('properties', 'VARCHAR', 'JSON; personal data is masked', 'JSON；个人信息已脱敏'),
      ],
    },
    {
      name: 'customers',
      about_en: 'The customers that you may see',
      about_zh: '你能看到的客户',
      columns: [customer, column('org', 'VARCHAR', 'The unit it belongs to', '所属机构')],
    },
  ],
  most_rows: 10_000,
  most_seconds: 60,
  most_exported_rows: 1_000_000,
};

// One tile of each kind of question, with what a bank asks first.
const of_kind = ['funnel', 'retention', 'lifecycle', 'paths', 'distribution', 'interval', 'attribution'];
const first_of_kind = of_kind.map((kind, i) => {
  const { id, title, title_zh, question } = ready_made.find((one) => one.question.kind === kind);
  const place = { x: (i % 2) * 6, y: Math.floor(i / 2) * 4, w: i === 6 ? 12 : 6, h: 4 };
  return { id, title, title_zh, question, chart: 'auto', refresh: i % 2 ? '1h' : '15m', ...place };
});
state.boards.push({
  id: 'brd_3',
  name: '各类分析 / Every kind',
  shared_with: [],
  edited_by: [],
  version: 1,
  updated_at: new Date().toISOString(),
  created_by: '林晓燕',
  tiles: first_of_kind,
});

const running_ms = 3000;
const began_of = new Map();
const runs = [
  {
    id: 'run_0',
    text: 'SELECT event, count(*) AS n FROM events GROUP BY event',
    state: 'done',
    started_at: new Date(Date.now() - 7_200_000).toISOString(),
    elapsed_ms: 41,
    limit_ms: 30_000,
    row_count: 12,
    reason: null,
  },
];
const kept = [
  {
    id: 'sql_1',
    name: '各事件次数',
    text: 'SELECT event, count(*) AS n\nFROM events\nGROUP BY event\nORDER BY n DESC',
    version: 1,
    created_at: new Date().toISOString(),
    updated_at: new Date().toISOString(),
  },
];
const mails = [];

function answer_of() {
  const counts = new Map();
  for (const one of customers)
    for (const entry of one.events) counts.set(entry.event, (counts.get(entry.event) ?? 0) + 1);
  const rows = [...counts].sort((a, b) => b[1] - a[1]).map(([event, n]) => [event, String(n)]);
  rows.push([null, '0']);
  return {
    columns: [
      { name: 'event', type: 'VARCHAR' },
      { name: 'n', type: 'BIGINT' },
    ],
    rows,
    is_cut: false,
  };
}

function failure_of(text) {
  if (!/^\s*(--.*\n\s*)*(select|with)\b/i.test(text))
    return { code: 'query.not_select', detail: 'Only a SELECT is allowed here.', line: null, column: null };
  const line = text.split('\n').findIndex((one) => one.includes('nobody')) + 1;
  if (!line) return null;
  const detail = 'Referenced column "nobody" not found in FROM clause!';
  return { code: 'query.names', detail, line, column: text.split('\n')[line - 1].indexOf('nobody') + 1 };
}

function finish(run) {
  const error = failure_of(run.text);
  const answer = error ? null : answer_of();
  const row_count = answer?.rows.length ?? 0;
  return Object.assign(run, {
    state: error ? 'failed' : 'done',
    elapsed_ms: 38,
    error,
    reason: error?.code ?? null,
    answer,
    row_count,
  });
}

// "slow" in the text makes a query take a while.
function shown(run) {
  const past_ms = Date.now() - (began_of.get(run.id) ?? 0);
  if (run.state === 'running' && past_ms > running_ms) finish(run);
  if (run.state === 'running') run.elapsed_ms = past_ms;
  const { reason: _reason, ...rest } = run;
  return { error: null, answer: null, ...rest };
}
const past = ({ limit_ms: _limit, error: _error, answer: _answer, ...rest }) => rest;

export function add_desk({ route, refuse, one_of, now, fresh, page }) {
  route('GET', '/insights/ready-made', 'view', ({ query }) => page(ready_made, query, 100));
  route('GET', '/sql/schema', 'run_sql', () => schema);
  route('GET', '/sql/runs', 'run_sql', ({ query }) => page(runs.map(past), query));
  route('POST', '/sql/runs', 'run_sql', ({ body }) => {
    const run = {
      id: fresh('run'),
      text: body.text,
      state: 'running',
      started_at: now(),
      elapsed_ms: 0,
      limit_ms: (body.seconds ?? 30) * 1000,
      row_count: 0,
      reason: null,
    };
    began_of.set(run.id, Date.now());
    runs.unshift(run);
    if (!body.text.includes('slow')) finish(run);
    return shown(run);
  });
  route('GET', '/sql/runs/{id}', 'run_sql', ({ id }) => shown(one_of(runs, id)));
  route('DELETE', '/sql/runs/{id}', 'run_sql', ({ id }) => {
    const error = { code: 'query.cancelled', detail: 'The query was stopped.', line: null, column: null };
    Object.assign(one_of(runs, id), { state: 'cancelled', reason: error.code, error });
  });
  route('GET', '/sql/runs/{id}/file', 'run_sql', () => ({ raw: 'event,n\nlogin,12\n', type: 'text/csv' }));
  route('GET', '/sql/queries', 'run_sql', ({ query }) => page(kept, query));
  route('POST', '/sql/queries', 'run_sql', ({ body }) => {
    kept.push({ id: fresh('sql'), version: 1, created_at: now(), updated_at: now(), ...body });
    return kept.at(-1);
  });
  route('PATCH', '/sql/queries/{id}', 'run_sql', ({ id, body }) => {
    const one = one_of(kept, id);
    return Object.assign(one, body, { version: one.version + 1, updated_at: now() });
  });
  route('DELETE', '/sql/queries/{id}', 'run_sql', ({ id }) => {
    kept.splice(kept.indexOf(one_of(kept, id)), 1);
  });

  const staff = (address) => address.includes('@') && !address.startsWith('nobody');
  const checked = (body) => {
    const at = (body.recipients ?? []).findIndex((one) => !staff(one));
    if (at >= 0)
      refuse(422, 'board_mail.not_staff', 'Nobody has this address.', `/recipients/${at}`);
    return body;
  };
  route('GET', '/boards/{id}/mails', 'edit_boards', ({ id, query }) =>
    page(
      mails.filter((one) => one.board === one_of(state.boards, id).id),
      query,
    ),
  );
  route('POST', '/boards/{id}/mails', 'edit_boards', ({ id, body, who }) => {
    const made = {
      ...{ id: fresh('bml'), board: id, version: 1, created_at: now(), updated_at: now() },
      ...{ sender: who.id, scope: who.org_name, last_outcome: '' },
      next_at: new Date(Date.now() + 86_400_000).toISOString(),
      ...checked(body),
    };
    mails.push(made);
    return made;
  });
  route('PATCH', '/board-mails/{id}', 'edit_boards', ({ id, body }) =>
    Object.assign(one_of(mails, id), checked(body)),
  );
  route('POST', '/board-mails/{id}/send', 'edit_boards', ({ id }) =>
    Object.assign(one_of(mails, id), { last_at: now(), last_outcome: 'sent' }),
  );
  route('DELETE', '/board-mails/{id}', 'edit_boards', ({ id }) => {
    mails.splice(mails.indexOf(one_of(mails, id)), 1);
  });
}
