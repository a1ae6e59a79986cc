// The browser SDKs, ours and Sensors Data's unchanged, deliver from a bank's page to the server, and
// what they sent is in the customer's timeline.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { base, on_mock, open_page, password_of } from './browser.mjs';

const require = createRequire(import.meta.url);
const scripts = {
  '/qiao.js': new URL('../../web/sdk/dist/qiao.iife.js', import.meta.url),
  '/sensors.js': require.resolve('sa-sdk-javascript/sensorsdata.min.js'),
};
const run = Date.now() % 1_000_000;

async function sign_in_to_api() {
  const answer = await fetch(`${base}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ login: 'admin', password: password_of('admin') }),
  });
  const cookie = answer.headers.get('set-cookie').split(';')[0];
  const { csrf_token } = await answer.json();
  return async (path, body) => {
    const said = await fetch(`${base}/api/v1${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { cookie, 'X-CSRF-Token': csrf_token, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    assert.ok(said.ok, `${path}: ${said.status}`);
    return said.json();
  };
}

// The bank's site: one page for each SDK, on another origin than the server.
async function serve_pages(pages) {
  const files = new Map(Object.entries(pages).map(([path, html]) => [path, [html, 'text/html']]));
  for (const [path, file] of Object.entries(scripts))
    files.set(path, [readFileSync(file), 'text/javascript']);
  const server = createServer((request, response) => {
    const file = files.get(request.url.split('?')[0]);
    if (!file) return response.writeHead(404).end();
    return response.setHeader('Content-Type', `${file[1]}; charset=utf-8`).end(file[0]);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

async function events_of(api, user, wanted) {
  let seen = [];
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
    const { items } = await api('/customers/search', { identity: { user_id: user } });
    if (items.length === 1) {
      const timeline = await api(`/customers/${items[0].customer}/timeline?limit=100`);
      seen = timeline.items.map((one) => one.event);
      if (wanted.every((name) => seen.includes(name))) return timeline.items;
    }
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error(`wanted ${wanted} of ${user}, the timeline holds ${seen}`);
}

test('both browser SDKs deliver to the server', { skip: on_mock }, async () => {
  const api = await sign_in_to_api();
  const key_of = async (kind) =>
    (await api('/write-keys', { name: `browser ${kind} ${run}`, kind, active: true })).write_key;
  const native_key = await key_of('native');
  const sensors_key = await key_of('sensors');
  const ours = `sdk-qiao-${run}`;
  const sensors = `sdk-sensors-${run}`;
  const site = await serve_pages({
    '/ours': `<title>Ours</title><script src="/qiao.js"></script><script>
      const qiao = Qiao.init({ host: '${base}', writeKey: '${native_key}', sendEveryMs: 100 })
      qiao.track('browser_before_login', { step: 1 })
      qiao.identify('${ours}')
      qiao.track('browser_view', { code: '0001' })
      </script>`,
    '/sensors': `<title>Sensors</title><script src="/sensors.js"></script><script>
      const sensors = window['sensorsDataAnalytic201505']
      sensors.init({
        server_url: '${base}/sa?project=default&token=${sensors_key}',
        send_type: 'ajax',
        show_log: false,
      })
      sensors.track('SaBrowserBefore', { step: 1 })
      sensors.login('${sensors}')
      sensors.track('SaBrowserView', { code: '0001' })
      </script>`,
  });
  const page = await open_page();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${site}/ours`);
  const view = (await events_of(api, ours, ['browser_before_login', 'browser_view'])).find(
    (one) => one.event === 'browser_view',
  );
  assert.equal(view.properties.code, '0001');
  await page.goto(`${site}/sensors`);
  await events_of(api, sensors, ['SaBrowserBefore', 'SaBrowserView']);
  assert.deepEqual(errors, []);
  await page.context().close();
});
