import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeBrowser, FakeElement, type FakeBrowser } from './fake_browser'
import { init, type Options } from './index'

let browser: FakeBrowser
const options: Options = { host: 'https://qiao.example/', writeKey: 'key', watch: false }
const events = () => browser.sent.flatMap(({ body }) => body.batch)

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-10-01T00:00:00Z') })
  browser = fakeBrowser()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('events go out together after a while, with the key and the ids', async () => {
  const qiao = init(options)
  qiao.track('fund_view', { code: '0001' })
  qiao.identify('u-1', { level: 'gold' })
  qiao.page('Home')
  expect(browser.sent).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(3_000)
  expect(browser.sent).toHaveLength(1)
  const { url, body } = browser.sent[0]!
  expect(url).toBe('https://qiao.example/v1/b')
  expect(body.writeKey).toBe('key')
  expect(body.batch.map((message) => message.type)).toEqual(['track', 'identify', 'page'])
  expect(body.batch[0]).toMatchObject({ event: 'fund_view', properties: { code: '0001' } })
  expect(body.batch[0]!.userId).toBeUndefined()
  expect(body.batch[1]).toMatchObject({ userId: 'u-1', traits: { level: 'gold' } })
  expect(body.batch[2]!.anonymousId).toBe(body.batch[0]!.anonymousId)
  expect(new Set(body.batch.map((message) => message.messageId)).size).toBe(3)
})

test('the twentieth event sends at once', async () => {
  const qiao = init(options)
  for (let i = 0; i < 19; i++) qiao.track('e')
  await vi.advanceTimersByTimeAsync(0)
  expect(browser.sent).toHaveLength(0)
  qiao.track('e')
  await vi.advanceTimersByTimeAsync(0)
  expect(events()).toHaveLength(20)
})

for (const how of ['reload', 'crash'])
  test(`what the server has not taken survives a ${how} and is sent once more with the same id`, async () => {
    browser.fail()
    init(options).track('kept')
    await vi.advanceTimersByTimeAsync(3_000)
    const id = browser.sent[0]!.body.batch[0]!.messageId
    if (how === 'reload') browser.window.dispatchEvent(new Event('pagehide'))
    else await vi.advanceTimersByTimeAsync(61_000)
    const storage = browser.storage
    const now = Date.now()
    vi.useFakeTimers({ now }) // the timers of the first page are gone with it

    browser = fakeBrowser(storage)
    init(options)
    await vi.advanceTimersByTimeAsync(10)
    expect(events().map((message) => message.messageId)).toEqual([id])
    expect([...storage.map.keys()].filter((key) => key.startsWith('qiao.q.'))).toEqual([])
  })

test('the queue of a living tab is left alone', async () => {
  browser.fail()
  init(options).track('theirs')
  const second = init(options)
  await second.flush()
  expect(browser.sent).toHaveLength(0)
})

test('a busy server is tried again, later each time, and not before it asked', async () => {
  const qiao = init(options)
  browser.answer(503, { 'Retry-After': '7' })
  qiao.track('e')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(browser.sent).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(6_900)
  expect(browser.sent).toHaveLength(1)
  browser.answer(200)
  await vi.advanceTimersByTimeAsync(200)
  expect(browser.sent).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(120_000)
  expect(browser.sent).toHaveLength(2)
})

test('a refused batch is dropped, so that it does not block the next', async () => {
  const qiao = init(options)
  browser.answer(400)
  qiao.track('bad')
  await vi.advanceTimersByTimeAsync(3_000)
  browser.answer(200)
  qiao.track('good')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(events().map((message) => message.event)).toEqual(['bad', 'good'])
})

test('leaving the page sends a beacon and keeps the events', async () => {
  const qiao = init(options)
  qiao.track('last')
  browser.window.dispatchEvent(new Event('pagehide'))
  expect(browser.beacons).toHaveLength(1)
  const body = JSON.parse(await browser.beacons[0]!.text)
  expect(body.batch[0].event).toBe('last')
  expect(body.writeKey).toBe('key')
  expect([...browser.storage.map.keys()].some((key) => key.startsWith('qiao.q.'))).toBe(true)
})

test('without consent nothing is stored or sent; with it what waited goes out', async () => {
  const qiao = init({ ...options, consent: 'pending' })
  qiao.track('early')
  await vi.advanceTimersByTimeAsync(10_000)
  browser.window.dispatchEvent(new Event('pagehide'))
  expect(browser.sent).toHaveLength(0)
  expect(browser.beacons).toHaveLength(0)
  expect(browser.storage.length).toBe(0)
  qiao.consent(true)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(events().map((message) => message.event)).toEqual(['early'])
})

test('withdrawing consent forgets everything', async () => {
  const qiao = init(options)
  qiao.track('e')
  qiao.consent(false)
  qiao.track('after')
  await vi.advanceTimersByTimeAsync(10_000)
  expect(browser.sent).toHaveLength(0)
  expect(browser.storage.length).toBe(0)
})

test('a returning visitor keeps the id, and loses it with a reset', async () => {
  init(options).identify('u-1')
  const again = init(options)
  again.track('e')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(events().at(-1)).toMatchObject({ userId: 'u-1' })
  const before = events().at(-1)!.anonymousId
  again.reset()
  again.track('e')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(events().at(-1)!.userId).toBeUndefined()
  expect(events().at(-1)!.anonymousId).not.toBe(before)
})

test('only the newest events are kept', async () => {
  browser.fail()
  const qiao = init({ ...options, keep: 3, sendAt: 100 })
  for (let i = 0; i < 5; i++) qiao.track('e' + i)
  await vi.advanceTimersByTimeAsync(3_000)
  expect(browser.sent[0]!.body.batch.map((message) => message.event)).toEqual(['e2', 'e3', 'e4'])
})

test('pages, dwell, clicks, exposures and forms are seen', async () => {
  browser.elements = [new FakeElement('div', { 'data-qiao-exposure': 'banner-1' })]
  init({ ...options, watch: true, sendAt: 100 })
  await vi.advanceTimersByTimeAsync(2_500)
  browser.goTo('/funds')
  const button = new FakeElement('button', { 'data-qiao-click': 'buy' }, null, { left: 100, top: 700, width: 100, height: 40 })
  const at = (type: string, target: unknown) => {
    const event = new Event(type)
    Object.defineProperty(event, 'target', { value: target })
    browser.document.dispatchEvent(event)
  }
  at('click', new FakeElement('span', {}, button))
  at('click', new FakeElement('p'))
  browser.observed[0]!.see(true)
  await vi.advanceTimersByTimeAsync(900)
  browser.observed[0]!.see(false)
  await vi.advanceTimersByTimeAsync(900)
  browser.observed[0]!.see(true)
  await vi.advanceTimersByTimeAsync(1_000)
  const form = { getAttribute: () => 'transfer', id: '' }
  at('focusin', { closest: () => form })
  at('focusin', { closest: () => form })
  at('submit', form)
  at('focusin', { closest: () => form })
  browser.window.dispatchEvent(new Event('pagehide'))
  await vi.advanceTimersByTimeAsync(5_000)
  expect(events().map((message) => message.event ?? message.type)).toEqual([
    'page', 'dwell', 'page', 'click', 'exposure', 'form_start', 'form_submit', 'form_start', 'dwell', 'form_abandon',
  ])
  const [page, dwell, next, click, exposure] = events()
  expect(page!.properties.path).toBe('/')
  expect(dwell!.properties).toEqual({ path: '/', seconds: 2.5 })
  expect(next!.properties.path).toBe('/funds')
  expect(click!.properties).toEqual({ page: '/funds', element: 'buy', x: 0.375, y: 0.61 })
  expect(exposure!.properties).toEqual({ page: '/funds', slot: 'banner-1' })
})

test('what is clicked without a name is known by its path, on the screen that is named around it', async () => {
  init({ ...options, watch: true, sendAt: 100 })
  const screen = new FakeElement('main', { 'data-qiao-screen': 'transfer', id: 'main' })
  const form = new FakeElement('form', { id: 'row-17', name: 'pay', 'data-qiao-exposure': 'pay-slot' }, screen)
  const click = new Event('click')
  const target = new FakeElement('button', { role: 'next', 'data-qiao-label': '下一步' }, form)
  Object.defineProperty(click, 'target', { value: target })
  browser.document.dispatchEvent(click)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(events().find((message) => message.event === 'click')!.properties).toEqual({
    ...{ page: 'transfer', element: 'main#main>form[pay]>button[next]', label: '下一步' },
    ...{ slot: 'pay-slot', x: 0, y: 0.25 },
  })
})

test('dwell counts only while the page is visible', async () => {
  init({ ...options, watch: true, sendAt: 100 })
  await vi.advanceTimersByTimeAsync(2_000)
  browser.document.visibilityState = 'hidden'
  browser.document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(60_000)
  browser.document.visibilityState = 'visible'
  browser.document.dispatchEvent(new Event('visibilitychange'))
  await vi.advanceTimersByTimeAsync(1_500)
  browser.goTo('/x')
  await vi.advanceTimersByTimeAsync(3_000)
  expect(events().find((message) => message.event === 'dwell')!.properties.seconds).toBe(3.5)
})
