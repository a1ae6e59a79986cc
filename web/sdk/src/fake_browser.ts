// The few pieces of a browser that the SDK touches, for its tests: no page, only what was called.
import { vi } from 'vitest'

export class FakeStorage {
  map = new Map<string, string>()
  get length() {
    return this.map.size
  }
  key(i: number) {
    return [...this.map.keys()][i] ?? null
  }
  getItem(key: string) {
    return this.map.get(key) ?? null
  }
  setItem(key: string, value: string) {
    this.map.set(key, value)
  }
  removeItem(key: string) {
    this.map.delete(key)
  }
}

// An element with its attributes, its parent and the box that it fills.
export class FakeElement {
  id: string
  constructor(
    readonly localName: string,
    private readonly attributes: Record<string, string> = {},
    readonly parentElement: FakeElement | null = null,
    private readonly box = { left: 0, top: 0, width: 0, height: 0 },
  ) {
    this.id = attributes.id ?? ''
  }
  getAttribute(name: string) {
    return this.attributes[name] ?? null
  }
  getBoundingClientRect() {
    return this.box
  }
  closest(selectors: string): FakeElement | null {
    const fits = selectors
      .split(',')
      .some((one) => (one.startsWith('[') ? one.slice(1, -1) in this.attributes : one === this.localName))
    return fits ? this : (this.parentElement?.closest(selectors) ?? null)
  }
}

export interface FakeBrowser {
  storage: FakeStorage
  document: EventTarget & { visibilityState: string }
  window: EventTarget
  sent: { url: string; body: { batch: Record<string, any>[]; writeKey: string; sentAt: string } }[]
  beacons: { url: string; text: Promise<string> }[]
  answer: (status: number, headers?: Record<string, string>) => void
  fail: () => void
  observed: { element: unknown; see: (visible: boolean) => void }[]
  elements: FakeElement[]
  goTo: (path: string) => void
}

export function fakeBrowser(storage = new FakeStorage()): FakeBrowser {
  const window = new EventTarget()
  const location = { href: 'https://bank.example/', pathname: '/' }
  const document = Object.assign(new EventTarget(), {
    visibilityState: 'visible',
    title: 'Bank',
    referrer: '',
    documentElement: { scrollHeight: 2_000 },
    querySelectorAll: () => browser.elements,
  })
  const history = { pushState: (_state: unknown, _title: string, path: string) => move(path), replaceState: () => {} }
  const move = (path: string) => {
    location.pathname = path
    location.href = 'https://bank.example' + path
  }
  let respond: () => Promise<Response> = async () => new Response('{}', { status: 200 })
  const browser: FakeBrowser = {
    storage,
    document,
    window,
    sent: [],
    beacons: [],
    observed: [],
    elements: [],
    answer: (status, headers = {}) => {
      respond = async () => new Response('{}', { status, headers })
    },
    fail: () => {
      respond = async () => {
        throw new TypeError('network')
      }
    },
    goTo: (path) => history.pushState(null, '', path),
  }
  vi.stubGlobal('window', Object.assign(window, { localStorage: storage, history }))
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('innerWidth', 400)
  vi.stubGlobal('scrollY', 500)
  vi.stubGlobal('document', document)
  vi.stubGlobal('location', location)
  vi.stubGlobal('history', history)
  vi.stubGlobal('navigator', {
    language: 'zh-CN',
    sendBeacon: (url: string, blob: Blob) => {
      browser.beacons.push({ url, text: blob.text() })
      return true
    },
  })
  vi.stubGlobal('MutationObserver', class { observe() {} })
  vi.stubGlobal('IntersectionObserver', class {
    constructor(private readonly seen: (entries: unknown[]) => void) {}
    observe(element: unknown) {
      browser.observed.push({ element, see: (isIntersecting) => this.seen([{ target: element, isIntersecting }]) })
    }
    unobserve() {}
  })
  vi.stubGlobal('fetch', async (url: string, init: { body: string }) => {
    browser.sent.push({ url, body: JSON.parse(init.body) })
    return respond()
  })
  return browser
}
