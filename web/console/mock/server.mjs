// A stand-in for the server on loopback, for developing and testing the console. Never shipped.
// Sign in as admin, zhoumin (operator), chenhao (approver), hejing (branch), sunwei (analyst) or
// viewer, with any password but "wrong"; or by /sign-in?link=first.

import { createServer } from 'node:http';
import * as answers from './answers.mjs';
import { at, customers, member, orgs } from './bank.mjs';
import { add_customers } from './customers.mjs';
import { add_desk } from './desk.mjs';
import { members } from './evaluate.mjs';
import * as acquisition from './acquisition.mjs';
import * as leagues from './leagues.mjs';
import { shaped } from './shape.mjs';
import * as people from './people.mjs';
import * as questions from './questions.mjs';
import * as screens from './screens.mjs';
import * as stages from './stages.mjs';
import * as state from './state.mjs';
import { metric } from './metric.mjs';
import { serve_static } from './static.mjs';
import * as watch from './watch.mjs';

const port = Number(process.env.PORT ?? 8790);
const sessions = new Map();
const jobs = new Map();
let counter = 100;

class Refusal extends Error {
  constructor(status, code, detail, pointer) {
    super(detail);
    Object.assign(this, { status, code, detail, pointer });
  }
}
const refuse = (status, code, detail, pointer) => {
  throw new Refusal(status, code, detail, pointer);
};
const fresh = (prefix) => `${prefix}_${(counter += 1)}`;
const now = () => new Date().toISOString();
const page = (items, query, size = 50) => {
  const start = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? size);
  return {
    items: items.slice(start, start + limit),
    next_cursor: start + limit < items.length ? String(start + limit) : null,
  };
};
const one_of = (list, id) =>
  list.find((one) => one.id === id) ??
  refuse(404, 'object.not_found', '这个对象不存在，或已被删除。');
const came_by_link = new Set(); // ids of people who have no password yet
const session_of = ({ id, login, name, role, org, org_name, language }) => ({
  person: {
    ...{ id, login, name, role, org, org_name, language },
    permissions: state.roles.find((one) => one.role === role).permissions,
  },
  csrf_token: 'csrf-mock',
  password_needed: came_by_link.has(id),
  institution: { name: state.settings.institution_name, time_zone: state.settings.time_zone },
});

const routes = [];
const route = (method, path, permission, handler) => {
  const names = [];
  const pattern = path.replace(/\{(\w+)\}/g, (_, name) => {
    names.push(name);
    return '([^/]+)';
  });
  const exact = new RegExp(`^/api/v1${pattern}$`);
  routes.push({ method, path, pattern: exact, names, permission, handler });
};

// Who made a thing, by name, under the word that it has for them.
const made_by = (word) => (thing) => {
  thing[word] = thing.created_by;
  return { [word]: thing.created_by };
};
const name_assignee = (thing, body) => {
  const assignee = state.people.find((one) => one.id === body.assignee);
  if ('assignee' in body) thing.assignee_name = assignee?.name ?? '';
};

function crud(path, list, prefix, permission, made = () => ({})) {
  route('GET', path, 'view', ({ query }) => page(list, query));
  route('GET', `${path}/{id}`, 'view', ({ id }) => one_of(list, id));
  route('POST', path, permission, ({ body, who }) => {
    const thing = {
      id: fresh(prefix),
      version: 1,
      created_at: now(),
      updated_at: now(),
      created_by: who.name,
      ...body,
    };
    list.unshift(Object.assign(thing, made.defaults?.(body) ?? {}));
    return { ...thing, ...made(thing) };
  });
  for (const method of ['PUT', 'PATCH']) {
    route(method, `${path}/{id}`, permission, ({ id, body, if_match }) => {
      const thing = one_of(list, id);
      if (if_match !== undefined && if_match !== thing.version)
        refuse(412, 'object.stale', '别人刚改过，请刷新后再改。');
      made.before?.(thing, body);
      return Object.assign(thing, body, { version: thing.version + 1, updated_at: now() });
    });
  }
  route('DELETE', `${path}/{id}`, permission, ({ id }) => {
    list.splice(list.indexOf(one_of(list, id)), 1);
  });
}

route('GET', '/session', null, ({ who }) => session_of(who));
route('DELETE', '/session', null, ({ token }) => {
  sessions.delete(token);
});
route('PATCH', '/session', null, ({ who }) => {
  came_by_link.delete(who.id);
  return session_of(state.people.find((one) => one.id === who.id));
});

route('GET', '/audiences/vocabulary', 'view', () => state.vocabulary());
route('POST', '/audiences/preview', 'view', ({ body }) => answers.preview(body));
const audience_made = () => ({});
audience_made.defaults = (body) => {
  const count = members(body.rule, state.audiences).length * 10;
  return { count, share: count / 20000, computed_at: now(), used_by: [], state: 'active' };
};
audience_made.before = (thing, body) =>
  body.rule &&
  Object.assign(thing, {
    count: members(body.rule, state.audiences).length * 10,
    computed_at: now(),
  });
route('POST', '/audiences/{id}/refresh', 'edit_audiences', ({ id }) =>
  Object.assign(one_of(state.audiences, id), { computed_at: now() }),
);
route('POST', '/audiences/{id}/archive', 'edit_audiences', ({ id }) =>
  Object.assign(one_of(state.audiences, id), { state: 'archived' }),
);
route('POST', '/audiences/{id}/clone', 'edit_audiences', ({ id }) => {
  const copy = { ...one_of(state.audiences, id), id: fresh('aud'), used_by: [] };
  copy.name += '（副本）';
  state.audiences.unshift(copy);
  return copy;
});
route('GET', '/audiences/{id}/versions', 'view', ({ id }) => {
  const one = one_of(state.audiences, id);
  return {
    items: [3, 2, 1].map((version) => ({
      version,
      at: at((3 - version) * 6 + 1),
      by: state.people[version % 3].name,
      rule: one.rule,
      name: one.name,
    })),
    next_cursor: null,
  };
});
route('GET', '/audiences/{id}/history', 'view', ({ id }) => {
  const { count } = one_of(state.audiences, id);
  return {
    points: Array.from({ length: 30 }, (_, i) => ({
      at: at(29 - i),
      count: Math.round(count * (0.82 + 0.006 * i + 0.02 * Math.sin(i))),
    })),
  };
});
route('GET', '/audiences/{id}/members', 'view_customers', ({ id }) => ({
  raw:
    members(one_of(state.audiences, id).rule, state.audiences)
      .slice(0, 200)
      .map(member)
      .map(({ customer, identities }) => JSON.stringify({ customer, identities }))
      .join('\n') + '\n',
  type: 'application/x-ndjson',
}));
crud('/audiences', state.audiences, 'aud', 'edit_audiences', audience_made);

add_customers({ route, refuse, one_of, now, start_job });
add_desk({ route, refuse, one_of, now, fresh, page });

route('POST', '/campaigns/lint', 'view', ({ body }) => answers.lint(body));
route('GET', '/campaigns/{id}/report', 'view', ({ id }) =>
  answers.report(one_of(state.campaigns, id)),
);
route('GET', '/campaigns/{id}/report.csv', 'view', () => ({
  raw: 'metric,value\nsent,1312\n',
  type: 'text/csv',
}));
route('GET', '/campaigns/{id}/people', 'view_customers', ({ id, query }) =>
  page(
    customers
      .filter((one) => !one.visitor)
      .slice(0, 90)
      .map(member),
    query,
    20,
  ),
);
const moves = {
  submit: [['draft', 'rejected'], 'in_approval', 'edit_campaigns'],
  withdraw: [['in_approval', 'approved'], 'draft', 'edit_campaigns'],
  approve: [['in_approval'], 'approved', 'approve_campaigns'],
  reject: [['in_approval'], 'rejected', 'approve_campaigns'],
  launch: [['approved'], 'running', 'edit_campaigns'],
  pause: [['running'], 'paused', 'edit_campaigns'],
  resume: [['paused'], 'running', 'edit_campaigns'],
  stop: [['running', 'paused', 'scheduled'], 'stopped', 'edit_campaigns'],
};
for (const [verb, [from, to, permission]] of Object.entries(moves)) {
  route('POST', `/campaigns/{id}/${verb}`, permission, ({ id, who, body }) => {
    const one = one_of(state.campaigns, id);
    if (!from.includes(one.state))
      refuse(409, 'campaign.wrong_state', '当前状态不允许这样做，请刷新页面。');
    if (verb === 'approve' && one.submitted_by === who.name)
      refuse(422, 'campaign.own_approval', '不能审批自己提交的活动，请另一位审批人处理。');
    if (verb === 'submit') one.submitted_by = who.name;
    if (verb === 'approve') one.approved_by = who.name;
    if (verb === 'reject') one.reject_reason = body.reason;
    if (verb === 'launch')
      one.progress = {
        planned: state.audiences.find((a) => a.id === one.audience.id)?.count ?? 500,
        sent: 0,
        suppressed: 0,
        failed: 0,
      };
    return Object.assign(one, {
      state: to,
      version: one.version + 1,
      will_enter: one.progress.planned,
    });
  });
}
route('POST', '/campaigns/{id}/clone', 'edit_campaigns', ({ id }) => {
  const copy = {
    ...structuredClone(one_of(state.campaigns, id)),
    id: fresh('cmp'),
    state: 'draft',
    progress: { planned: 0, sent: 0, suppressed: 0, failed: 0 },
    approved_by: null,
  };
  copy.name += '（副本）';
  state.campaigns.unshift(copy);
  return copy;
});
const campaign_made = () => ({});
campaign_made.defaults = () => ({
  state: 'draft',
  progress: { planned: 0, sent: 0, suppressed: 0, failed: 0 },
});
campaign_made.before = (thing) => {
  if (thing.state !== 'draft') thing.state = 'draft';
};
crud('/campaigns', state.campaigns, 'cmp', 'edit_campaigns', campaign_made);
setInterval(() => {
  for (const one of state.campaigns)
    if (one.state === 'running' && one.progress.sent < one.progress.planned * 0.94)
      one.progress.sent += 3;
}, 1500).unref();

route('GET', '/contact-policy', 'view', () => state.contact_policy);
route('PUT', '/contact-policy', 'manage_settings', ({ body }) =>
  Object.assign(state.contact_policy, body),
);
route('POST', '/channels/{id}/test', 'manage_settings', ({ id }) =>
  one_of(state.channels, id).kind === 'sms'
    ? refuse(503, 'channel.unavailable', '网关在 5 秒内没有应答，请检查地址与端口。')
    : { accepted: true },
);
crud('/channels', state.channels, 'chn', 'manage_settings', () => ({
  health: { state: 'closed', sent_1h: 0, failed_1h: 0, last_error: null },
}));

for (const kind of ['events', 'properties', 'tags']) {
  const list = state.dictionary[kind];
  const by_name = (name) =>
    list.find((one) => one.name === name) ??
    refuse(404, 'dictionary.not_found', '字典里没有这一项。');
  route('GET', `/dictionary/${kind}`, 'view', ({ query }) => {
    const text = query.get('text') ?? '';
    const status = query.get('status');
    return {
      items: list.filter(
        (one) =>
          (!status || one.status === status) &&
          (one.name + one.name_zh + one.name_en).toLowerCase().includes(text.toLowerCase()),
      ),
      next_cursor: null,
    };
  });
  route('GET', `/dictionary/${kind}/{name}`, 'view', ({ name }) => by_name(name));
  route('PUT', `/dictionary/${kind}/{name}`, 'edit_dictionary', ({ name, body }) =>
    Object.assign(by_name(name), body),
  );
}
route('POST', '/dictionary/tags', 'edit_dictionary', ({ body }) => {
  const tag = { ...state.dictionary.tags[0], ...body, volume_total: 0, volume_7d: [] };
  state.dictionary.tags.unshift(tag);
  return tag;
});
route('GET', '/settings', 'view', () => state.settings);
route('PATCH', '/settings', 'manage_settings', ({ body }) => Object.assign(state.settings, body));
route('GET', '/quarantine', 'view_customers', ({ query }) =>
  page(
    state.quarantine.filter(
      (one) =>
        (!query.get('status') || one.status === query.get('status')) &&
        (!query.get('reason') || one.reason === query.get('reason')) &&
        JSON.stringify(one).includes(query.get('text') ?? ''),
    ),
    query,
    15,
  ),
);
route('POST', '/quarantine/replay', 'import_data', ({ body }) => {
  state.quarantine
    .filter((one) => one.reason === body.reason)
    .forEach((one) => {
      one.status = 'replayed';
    });
  return { job: start_job('quarantine_replay', 8) };
});
route('POST', '/quarantine/{id}/replay', 'import_data', ({ id, body }) => {
  const one = one_of(state.quarantine, id);
  const record = body?.record ?? one.record;
  if (one.reason === 'dictionary.type_conflict' && typeof record.properties?.amount !== 'number')
    refuse(
      422,
      'quarantine.still_wrong',
      '金额仍不是数字，请改好再重放。',
      '/record/properties/amount',
    );
  one.status = 'replayed';
  return { accepted: true };
});
route('DELETE', '/quarantine/{id}', 'import_data', ({ id }) => {
  one_of(state.quarantine, id).status = 'dropped';
});

function start_job(kind, seconds, done = () => ({})) {
  const job = { id: fresh('job'), kind, started: Date.now(), seconds, done };
  jobs.set(job.id, job);
  return job_view(job);
}
function job_view(job) {
  const progress = job.cancelled ? 0 : Math.min(1, (Date.now() - job.started) / 1000 / job.seconds);
  if (progress === 1 && !job.finished) {
    job.finished = now();
    job.done();
  }
  const total = job.total ?? 1000;
  return {
    id: job.id,
    kind: job.kind,
    status: job.cancelled ? 'cancelled' : progress === 1 ? 'done' : 'running',
    progress,
    done: Math.round(total * progress),
    total,
    message: '',
    started_at: new Date(job.started).toISOString(),
    finished_at: job.finished ?? null,
  };
}
route('GET', '/jobs/{id}', 'view', ({ id }) =>
  jobs.has(id)
    ? job_view(jobs.get(id))
    : {
        id,
        kind: 'import',
        status: 'done',
        progress: 1,
        done: 1,
        total: 1,
        message: '',
        started_at: at(1),
        finished_at: at(1),
      },
);
route('DELETE', '/jobs/{id}', 'view', ({ id }) => {
  jobs.get(id).cancelled = true;
});
route('GET', '/imports', 'view', ({ query }) => page(state.imports, query));
route('GET', '/imports/{id}/errors', 'view', () => ({
  raw: 'line,column,reason\n17,age,不是数字\n203,balance,超出范围\n',
  type: 'text/csv',
}));
route('POST', '/imports/preview', 'import_data', ({ text }) => {
  const [head, ...rows] = text.trim().split(/\r?\n/).slice(0, 6);
  const delimiter = [';', '\t', ','].find((mark) => head.includes(mark)) ?? ',';
  const clean = (cell) => cell.replace(/^"|"$/g, '');
  const columns = head.split(delimiter).map((name, i) => {
    const samples = rows.map((row) => clean(row.split(delimiter)[i] ?? '')).slice(0, 3);
    return {
      name: clean(name),
      type: samples.every((cell) => cell !== '' && !Number.isNaN(Number(cell)))
        ? 'number'
        : 'string',
      samples,
    };
  });
  const id = columns.find((column) => /user_?id|客户号/i.test(column.name));
  const mapping = {
    kind: 'tags',
    id: id ? { column: id.name } : { row_prefix: 'row-' },
    columns: Object.fromEntries(
      columns
        .filter((one) => one !== id)
        .map((one) => [one.name, { to: one.name.replace(/\W/g, '_'), type: one.type }]),
    ),
  };
  return { format: 'csv', encoding: 'UTF-8', delimiter, columns, mapping };
});
route('POST', '/imports', 'import_data', ({ query, text, who }) => {
  const rows = text.trim().split('\n').length - 1;
  const row = {
    id: fresh('imp'),
    name: query.get('name'),
    kind: JSON.parse(query.get('mapping')).kind,
    status: 'running',
    rows,
    accepted: 0,
    rejected: 0,
    at: now(),
    by: who.name,
  };
  const job = start_job('import', 4, () =>
    Object.assign(row, {
      status: 'done',
      accepted: Math.max(rows - 2, 0),
      rejected: Math.min(2, rows),
    }),
  );
  jobs.get(job.id).total = rows;
  row.job_id = job.id;
  state.imports.unshift(row);
  return { id: row.id, job };
});

route('POST', '/insights/metric', 'view', ({ body }) => metric(body));
for (const [kind, answer] of Object.entries(questions.answers))
  route('POST', `/insights/${kind}`, 'view', ({ body }) => answer(body));
route('GET', '/annotations', 'view', ({ query }) => ({
  items: [...watch.annotations]
    .filter(
      (one) =>
        one.day >= (query.get('from') || '0000') && one.day <= (query.get('to') || '9999'),
    )
    .sort((a, b) => a.day.localeCompare(b.day)),
}));
crud('/annotations', watch.annotations, 'ann', 'edit_boards', made_by('author'));
route('POST', '/alerts/preview', 'view', ({ body }) => watch.preview(body));
route('GET', '/alerts/{id}/checks', 'view', ({ id }) => ({
  items: watch.preview(one_of(watch.alerts, id)).checks,
}));
route('POST', '/alerts/{id}/acknowledge', 'view', ({ id, who }) =>
  Object.assign(one_of(watch.alerts, id), { state: 'acknowledged', acknowledged_by: who.name }),
);
crud('/alerts', watch.alerts, 'alr', 'edit_boards', made_by('owner'));
route('GET', '/work-items', 'view', ({ query, who }) =>
  page(
    watch.work_items.filter(
      (one) =>
        (!query.get('state') || one.state === query.get('state')) &&
        (query.get('mine') !== 'true' || one.assignee === who.id),
    ),
    query,
  ),
);
crud(
  '/work-items',
  watch.work_items,
  'wrk',
  'view',
  Object.assign(made_by('author'), {
    before: name_assignee,
    defaults: () => ({ kind: 'manual', state: 'open', figures: {} }),
  }),
);
route('GET', '/notices', 'view', () => ({
  items: watch.notices,
  unread: watch.notices.filter((one) => !one.read).length,
}));
route('POST', '/notices/read', 'view', () => {
  for (const one of watch.notices) one.read = true;
});
route('POST', '/notices/{id}/read', 'view', ({ id }) => {
  one_of(watch.notices, id).read = true;
});
route('GET', '/colleagues', 'view', () => ({
  items: state.people.map(({ id, name, org_name }) => ({ id, name, org_name, has_email: false })),
}));
for (const [kind, answer] of Object.entries(leagues.answers))
  route('POST', `/insights/${kind}`, 'view', ({ body }) => answer(body));
for (const [kind, answer] of Object.entries(screens.answers))
  route('POST', `/insights/${kind}`, 'view', ({ body }) => answer(body));
route('POST', '/insights/stages', 'view', ({ body }) => stages.flow(body));
route('POST', '/insights/returns', 'view', ({ body }) =>
  answers.campaign_returns(body, state.campaigns),
);
route('POST', '/insights/acquisition', 'view', ({ body }) => acquisition.answer(body));
route('GET', '/acquisition-steps', 'view', () => acquisition.steps);
route('PUT', '/acquisition-steps', 'edit_dictionary', ({ body }) => acquisition.change_steps(body));
crud('/spending', acquisition.spending, 'spd', 'edit_boards', made_by('author'));
crud(
  '/prices',
  acquisition.prices,
  'prc',
  'manage_settings',
  Object.assign(
    (price) => {
      delete price.version;
      delete price.updated_at;
      return { version: undefined, updated_at: undefined };
    },
    { defaults: ({ valid_from }) => ({ valid_from: valid_from ?? now().slice(0, 10) }) },
  ),
);
route('POST', '/insights/people', 'view_customers', ({ body, accept }) => people.list(body, accept));
route('POST', '/audiences/fixed', 'edit_audiences', ({ body, who }) => {
  const dated = { version: 1, created_at: now(), updated_at: now(), created_by: who.name };
  const made = { ...people.keep(fresh('aud'), body), ...dated };
  state.audiences.unshift(made);
  return made;
});
route('GET', '/stage-models', 'view', ({ query }) => page(stages.models.map(stages.counted), query));
route('GET', '/stage-models/{id}', 'view', ({ id }) =>
  stages.counted(one_of(stages.models, id)),
);
crud('/stage-models', stages.models, 'stm', 'edit_audiences', stages.counted);
crud('/products', leagues.products, 'prd', 'edit_dictionary');
route('GET', '/targets', 'view', ({ query }) => ({
  items: leagues.targets_of(Object.fromEntries(query)),
  next_cursor: null,
}));
route('PUT', '/targets', 'edit_boards', ({ body, who }) => leagues.set_target(body, who));
crud('/boards', state.boards, 'brd', 'edit_boards');
route('GET', '/overview', 'view', ({ who }) => answers.overview(who));
route('GET', '/search', 'view', ({ query }) => {
  const text = (query.get('text') ?? '').toLowerCase();
  const hits = [];
  const add = (kind, list, link, name = (one) => one.name) =>
    list
      .filter((one) => name(one)?.toLowerCase().includes(text))
      .slice(0, 4)
      .forEach((one) =>
        hits.push({ kind, id: one.id ?? one.name, name: name(one), link: link(one) }),
      );
  add('audience', state.audiences, (one) => `/audiences/${one.id}`);
  add('campaign', state.campaigns, (one) => `/campaigns/${one.id}`);
  add('board', state.boards, (one) => `/boards/${one.id}`);
  add(
    'event',
    state.dictionary.events,
    (one) => `/dictionary?event=${one.name}`,
    (one) => one.name_zh,
  );
  add(
    'tag',
    state.dictionary.tags,
    (one) => `/dictionary/tags?tag=${one.name}`,
    (one) => one.name_zh,
  );
  add(
    'customer',
    customers.filter((one) => one.name),
    (one) => `/customers/${one.id}`,
  );
  return { items: hits };
});

const link_made = (thing) => ({
  org_name: orgs.find((org) => org.code === thing.org)?.name,
  one_time_link: `/sign-in?link=${fresh('once')}`,
});
route('POST', '/people/{id}/reset', 'manage_people', () => ({
  one_time_link: `/sign-in?link=${fresh('once')}`,
}));
crud('/people', state.people, 'usr', 'manage_people', link_made);
route('GET', '/roles', 'view', () => ({ items: state.roles }));
const org_rows = orgs.map((org) => ({ id: `org_${org.code}`, version: 1, ...org }));
crud('/orgs', org_rows, 'org', 'manage_people');
crud('/tokens', state.tokens, 'tok', 'manage_people', () => ({
  token: `tok_${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}`,
}));
crud('/write-keys', state.write_keys, 'wk', 'manage_settings', () => ({
  write_key: `wk_${Math.random().toString(36).slice(2)}`,
}));
route('GET', '/audit', 'view_audit', ({ query }) =>
  page(
    state.audit.filter(
      (one) =>
        one.who.includes(query.get('who') ?? '') && one.action.includes(query.get('action') ?? ''),
    ),
    query,
    20,
  ),
);
route('GET', '/audit/verify', 'view_audit', () => ({
  ok: true,
  entries: 640,
  head: state.audit[0].hash,
}));

function sign_in(request, response, body) {
  const person = body.link_token
    ? body.link_token === 'used'
      ? null
      : state.people[0]
    : state.people.find((one) => one.login === body.login);
  if (!person || body.password === 'wrong')
    refuse(401, 'access.wrong_credentials', '登录名或密码不对。');
  if (body.link_token) came_by_link.add(person.id);
  const token = fresh('ses');
  sessions.set(token, person.id);
  response.setHeader('Set-Cookie', `qiao_session=${token}; Path=/; HttpOnly; SameSite=Strict`);
  return session_of(person);
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function dispatch(request, response, url, text) {
  const json_body =
    (request.headers['content-type'] ?? '').includes('json') && text ? JSON.parse(text) : null;
  if (url.pathname === '/api/v1/session' && request.method === 'POST')
    return shaped('POST', '/session', sign_in(request, response, json_body));
  const token = /qiao_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  const person = state.people.find((one) => one.id === sessions.get(token));
  if (!person) refuse(401, 'access.signed_out', '请先登录。');
  const who = session_of(person).person;
  for (const { method, path, pattern, names, permission, handler } of routes) {
    const match = method === request.method && pattern.exec(url.pathname);
    if (!match) continue;
    if (method !== 'GET' && request.headers['x-csrf-token'] !== 'csrf-mock')
      refuse(403, 'access.csrf', '页面已过期，请刷新。');
    if (permission && !who.permissions.includes(permission))
      refuse(403, 'access.forbidden', '您的角色没有这项权限。');
    const params = Object.fromEntries(
      names.map((name, i) => [name, decodeURIComponent(match[i + 1])]),
    );
    const version = /"(\d+)"/.exec(request.headers['if-match'] ?? '')?.[1];
    const answer = handler({
      ...params,
      query: url.searchParams,
      body: json_body,
      text,
      accept: request.headers.accept,
      who,
      token,
      if_match: version && Number(version),
    });
    return shaped(method, path, answer);
  }
  return refuse(404, 'http.not_found', '没有这个地址。');
}

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (!url.pathname.startsWith('/api/')) return serve_static(url, response);
  const text = await read(request);
  const delay = Number(process.env.DELAY ?? 0);
  if (delay) await new Promise((done) => setTimeout(done, delay));
  response.setHeader('X-Request-Id', fresh('req'));
  try {
    const answer = dispatch(request, response, url, text);
    if (answer.type) response.setHeader('Content-Type', answer.type);
    response.writeHead(answer.status).end(answer.text);
  } catch (error) {
    const status = error.status ?? 500;
    if (status === 500) console.error(error);
    response.writeHead(status, { 'Content-Type': 'application/problem+json' });
    response.end(
      JSON.stringify({
        status,
        code: error.code ?? 'server.fault',
        detail: error.detail ?? '服务器出错，已记录。',
        pointer: error.pointer,
        request_id: response.getHeader('X-Request-Id'),
      }),
    );
  }
}).listen(port, '127.0.0.1', function () {
  console.log(`mock on http://127.0.0.1:${this.address().port}`);
});
