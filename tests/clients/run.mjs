// Unchanged third-party SDKs deliver into a running server; their facts are then in the customers'
// timelines. usage: node run.mjs [--binary build/dev/qiao]
import { spawn, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const require = createRequire(import.meta.url)
const given = process.argv.indexOf('--binary')
const binary = given > 0 ? resolve(process.argv[given + 1]) : resolve(import.meta.dirname, '../../build/dev/qiao')
const data = mkdtempSync(join(tmpdir(), 'qiao-clients-'))
const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

function startServer() {
  const server = spawn(binary, ['--data-dir', data, '--port', '0', '--no-demo'], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((ready, broken) => {
    let text = ''
    server.stdout.on('data', (piece) => {
      text += piece
      const address = text.match(/https?:\/\/(?:localhost|127\.0\.0\.1):(\d+)/)
      if (address) ready({ server, url: `http://127.0.0.1:${address[1]}` })
    })
    server.on('exit', (code) => broken(new Error(`the server ended with ${code}: ${text}`)))
  })
}

const tool = (...words) => execFileSync(binary, [...words, '--data-dir', data], { encoding: 'utf8' }).trim().split('\n').at(-1)

const { server, url } = await startServer()
const token = tool('token', 'create', '--role', 'administrator', '--expires', '1h')
const writeKey = tool('key', 'create', '--name', 'clients')

async function api(path, body) {
  const answer = await fetch(url + path, {
    method: body ? 'POST' : 'GET',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

// What the customer's timeline and tags say, once they hold all that is wanted.
async function expectCustomer(identity, events, tags) {
  let seen = 'no customer of this identity'
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(200)) {
    const { items } = await api('/api/v1/customers/search', { identity })
    if (items.length !== 1) continue
    const id = items[0].customer
    const timeline = (await api(`/api/v1/customers/${id}/timeline?limit=100`)).items
    const customer = await api(`/api/v1/customers/${id}`)
    const has = Object.fromEntries(customer.tags.map((tag) => [tag.name, tag.value]))
    const counts = {}
    for (const fact of timeline) if (fact.event) counts[fact.event] = (counts[fact.event] ?? 0) + 1
    const isSame = (wanted, there) => Object.entries(wanted).every(([name, value]) => JSON.stringify(there[name]) === JSON.stringify(value))
    if (isSame(events, counts) && isSame(tags, has)) return
    seen = JSON.stringify({ counts, has })
  }
  throw new Error(`wanted ${JSON.stringify({ identity, events, tags })}, last seen: ${seen}`)
}

const sdks = {
  '@segment/analytics-node': async () => {
    const { Analytics } = require('@segment/analytics-node')
    const analytics = new Analytics({ writeKey, host: url, flushAt: 5 })
    analytics.identify({ userId: 'segment-1', anonymousId: 'segment-a', traits: { level: 'gold' } })
    for (let i = 0; i < 12; i++) analytics.track({ userId: 'segment-1', event: 'seg_view', properties: { amount: i } })
    analytics.page({ userId: 'segment-1', name: 'Home' })
    analytics.track({ anonymousId: 'segment-a', event: 'seg_before_login' })
    await analytics.closeAndFlush({ timeout: 10_000 })
    await expectCustomer({ user_id: 'segment-1' }, { seg_view: 12, page: 1, seg_before_login: 1 }, { level: 'gold' })
  },
  '@rudderstack/rudder-sdk-node': async () => {
    const module = require('@rudderstack/rudder-sdk-node')
    const RudderAnalytics = module.default ?? module
    const rudder = new RudderAnalytics(writeKey, { dataPlaneUrl: url, flushAt: 5, flushInterval: 500 })
    rudder.identify({ userId: 'rudder-1', traits: { level: 'silver' } })
    for (let i = 0; i < 7; i++) rudder.track({ userId: 'rudder-1', event: 'rud_view', properties: { amount: i } })
    await new Promise((done) => rudder.flush(done))
    await expectCustomer({ user_id: 'rudder-1' }, { rud_view: 7 }, { level: 'silver' })
  },
  'sa-sdk-node': async () => {
    const SensorsAnalytics = require('sa-sdk-node')
    const sa = new SensorsAnalytics()
    sa.submitTo({ url: `${url}/sa?project=default&token=${writeKey}`, gzip: true, mode: 'track' }, { count: 5, timeSpan: 500 })
    sa.track('sensors-a', 'SaBefore', { price: 1 })
    sa.trackSignup('sensors-1', 'sensors-a', {})
    for (let i = 0; i < 6; i++) sa.track('sensors-1', 'SaView', { price: i })
    sa.profileSet('sensors-1', { level: 'bronze' })
    await expectCustomer({ user_id: 'sensors-1' }, { SaBefore: 1, $SignUp: 1, SaView: 6 }, { level: 'bronze' })
  },
  'posthog-node': async () => {
    const { PostHog } = require('posthog-node')
    const posthog = new PostHog(writeKey, { host: url, flushAt: 5 })
    for (let i = 0; i < 6; i++) posthog.capture({ distinctId: 'posthog-1', event: 'ph_view', properties: { amount: i } })
    posthog.identify({ distinctId: 'posthog-1', properties: { level: 'star' } })
    await posthog.shutdown(10_000)
    await expectCustomer({ user_id: 'posthog-1' }, { ph_view: 6 }, { level: 'star' })
  },
}

let failed = 0
for (const [name, deliver] of Object.entries(sdks)) {
  try {
    await deliver()
    console.log(`ok      ${name}`)
  } catch (error) {
    failed++
    console.log(`FAILED  ${name}: ${error.message}`)
  }
}
const { items } = await api('/api/v1/quarantine')
if (items.length) {
  failed++
  console.log(`FAILED  ${items.length} records are in the quarantine, the first for ${items[0].reason} at ${items[0].pointer}`)
}
server.removeAllListeners('exit')
server.kill()
await new Promise((done) => server.on('exit', done))
rmSync(data, { recursive: true, force: true })
console.log(`${Object.keys(sdks).length} SDKs, ${failed} failures`)
process.exit(failed ? 1 : 0)
