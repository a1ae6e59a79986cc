// The mock answers as the server's document says, so that what works on the mock works on the server.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';

const openapi = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url)));
const ajv = new Ajv({ strict: false, validateFormats: false });
let server;
let address;
let cookie;

async function call(method, path, body) {
  const response = await fetch(address + path, {
    method,
    headers: {
      'Content-Type': 'application/json',
      'X-CSRF-Token': 'csrf-mock',
      ...(cookie && { Cookie: cookie }),
    },
    body: body && JSON.stringify(body),
  });
  cookie ??= response.headers.get('Set-Cookie')?.split(';')[0];
  return { status: response.status, type: response.headers.get('Content-Type') ?? '', text: await response.text() };
}

// What of the answer the document does not describe.
function faults(method, template, answer) {
  const described = openapi.paths[template][method.toLowerCase()].responses[answer.status];
  if (!described) return [`${method} ${template} answered ${answer.status}: ${answer.text.slice(0, 200)}`];
  const media = answer.type.split(';')[0];
  const content = described.content?.[media];
  if (described.content && !content) return [`${method} ${template} came as ${media}`];
  if (!content || media === 'text/csv') return [];
  const judge = ajv.compile({ allOf: [content.schema], components: openapi.components });
  const values = media.endsWith('ndjson') ? answer.text.trim().split('\n') : [answer.text];
  const wrong = values.map((text) => JSON.parse(text)).find((value) => !judge(value));
  if (wrong === undefined) return [];
  judge(wrong);
  const [first] = judge.errors;
  return [`${method} ${template} ${first.instancePath} ${first.message} ${JSON.stringify(first.params)}`];
}

beforeAll(async () => {
  server = spawn(process.execPath, [new URL('server.mjs', import.meta.url).pathname], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(server.stdout, 'data');
  address = /http:\S+/.exec(String(line))[0];
});
afterAll(() => server.kill());

test('people come in pages and as a file, and are kept as an audience', async () => {
  await call('POST', '/api/v1/session', { login: 'admin', password: 'x' });
  const metric = { event: '$any', measure: 'count', per: 'day', within: '7d' };
  const ask = async (body) => JSON.parse((await call('POST', '/api/v1/insights/people', { metric, ...body })).text);
  const first_page = await ask({ limit: 3 });
  const second = await ask({ limit: 3, cursor: first_page.next_cursor });
  const ids = [...first_page.items, ...second.items].map((one) => one.customer);
  expect(new Set(ids).size).toBe(6);

  const kept = JSON.parse(
    (await call('POST', '/api/v1/audiences/fixed', { name: 'x', people: { metric } })).text,
  );
  expect(kept.fixed.people).toBe(first_page.total);
  const counted = await call('POST', '/api/v1/audiences/preview', { rule: { audience: kept.id } });
  expect(JSON.parse(counted.text).count).toBe(first_page.total);
});

const first = async (path, key = 'id') => JSON.parse((await call('GET', `/api/v1${path}`)).text).items[0][key];

test('every answer of the mock is as the document says', { timeout: 60_000 }, async () => {
  const session = await call('POST', '/api/v1/session', { login: 'admin', password: 'x' });
  const found = faults('POST', '/api/v1/session', session);
  const rule = { all: [] };
  const metric = { event: '$any', measure: 'count', per: 'day', within: '7d' };
  const posts = {
    '/audiences/preview': { rule, parts: true },
    '/customers/search': { text: '' },
    '/insights/metric': metric,
    '/insights/people': { metric },
    '/alerts/preview': { metric, rule: { kind: 'above', threshold: 1 } },
    '/annotations': { day: '2026-10-01', kind: 'release', text: 'x' },
    '/work-items': { title: 'x' },
    '/insights/league': { product: 'prd_1' },
    '/insights/products': {},
    '/insights/activity': { product: 'prd_2' },
    '/insights/screen': { screen: '首页 / Home', version: '7.2.1', than: '7.2.0' },
    '/insights/effort': { version: '7.2.1', than: '7.2.0' },
    '/insights/entries': { product: 'prd_2', by: ['slot'] },
    '/insights/stages': { model: 'stm_1' },
    '/insights/acquisition': {},
    '/insights/returns': {},
    '/spending': { origin: 'ad', from: '2026-10-01', to: '2026-10-02', amount: 1 },
    '/prices': { channel: 'chn_1', amount: 0.05 },
    '/products': { name_zh: 'x', name_en: 'x', uses: [{ event: 'login' }] },
    '/stage-models': { kind: 'tier', name: 'x', stages: [{ key: 'a', name: 'A', rule }] },
    '/campaigns/lint': { message: { body: 'x' }, audience: { rule }, channel: 'inbox' },
    '/audiences': { name: 'x', rule, refresh: 'daily' },
    '/audiences/fixed': { name: 'x', people: { metric } },
    '/boards': { name: 'x', tiles: [], shared_with: [] },
    '/sql/runs': { text: 'SELECT 1' },
    '/sql/queries': { name: 'x', text: 'SELECT 1' },
    '/people': { login: 'x', name: 'x', role: 'viewer' },
    '/tokens': { name: 'x', role: 'viewer', expires_at: '2027-01-01T00:00:00Z' },
    '/write-keys': { name: 'x', kind: 'native' },
  };
  for (const [path, body] of Object.entries(posts))
    found.push(...faults('POST', `/api/v1${path}`, await call('POST', `/api/v1${path}`, body)));

  const people = await call('POST', '/api/v1/customers/search', { text: '' });
  const ids = {
    '/customers': JSON.parse(people.text).items[0].customer,
    '/jobs': 'job_1',
    '/questions': 'q_1',
  };
  const answered = [];
  for (const template of Object.keys(openapi.paths)) {
    if (!openapi.paths[template].get) continue;
    const list = template.slice('/api/v1'.length).split('/{')[0];
    if (template.includes('{id}')) ids[list] ??= await first(list);
    if (template.includes('dictionary') && template.includes('{name}')) ids[list] ??= await first(list, 'name');
    let path = template.replace('{id}', ids[list]).replace('{name}', list.includes('dict') ? ids[list] : 'level');
    if (path.endsWith('/explain')) path += `?audience=${await first('/audiences')}`;
    const answer = await call('GET', path);
    const is_offered = !(answer.status === 404 && answer.text.includes('http.not_found'));
    if (is_offered) answered.push(template);
    if (is_offered) found.push(...faults('GET', template, answer));
  }
  expect(found).toEqual([]);
  expect(answered.length).toBeGreaterThan(30);
});
