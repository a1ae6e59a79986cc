// The browser SDK: init() once, then page, track, identify. Without consent nothing is stored or sent.
import { Queue, type Message } from './queue'
import { Sender } from './sender'
import { watchClicks, watchDwell, watchExposures, watchForms, watchPages } from './watch'

export type Consent = 'granted' | 'pending' | 'denied'
export type Properties = Record<string, unknown>

export interface Options {
  host: string
  writeKey: string
  consent?: Consent // default: granted; 'pending' keeps events in memory until consent() is called
  watch?: boolean // pages, clicks, exposures, dwell and forms by themselves; default: true
  sendEveryMs?: number // default: 3,000
  sendAt?: number // events that wait; default: 20
  keep?: number // at most so many events in the queue; default: 500
}

export interface Qiao {
  track(event: string, properties?: Properties): void
  page(name?: string, properties?: Properties): void
  identify(userId: string, traits?: Properties): void
  consent(granted: boolean): void
  reset(): void // after a sign-out: the next events are a new visitor's
  flush(): Promise<void>
}

const idKey = 'qiao.id'
const pendingLimit = 100

function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID()
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function storage(): Storage | undefined {
  try {
    return window.localStorage
  } catch {
    return undefined
  }
}

interface Ids {
  anonymousId: string
  userId?: string
}

export function init(options: Options): Qiao {
  const store = storage()
  const tab = newId()
  let state: Consent = options.consent ?? 'granted'
  let ids: Ids = { anonymousId: newId() }
  let pending: Message[] = []
  let queue = new Queue(undefined, tab, 0)
  let sender: Sender | undefined

  const saveIds = () => {
    try {
      if (state === 'granted') store?.setItem(idKey, JSON.stringify(ids))
    } catch {
      // The ids last as long as the page.
    }
  }

  const begin = () => {
    try {
      const kept = JSON.parse(store?.getItem(idKey) ?? 'null') as Ids | null
      if (kept?.anonymousId) ids = { ...kept, ...(ids.userId ? { userId: ids.userId } : {}) }
    } catch {
      // What is stored there is not ours: the new ids overwrite it.
    }
    saveIds()
    queue = new Queue(store, tab, options.keep ?? 500)
    sender = new Sender(options.host.replace(/\/$/, '') + '/v1/b', options.writeKey, queue)
    for (const message of pending) queue.push({ ...message, ...ids })
    pending = []
    if (queue.messages.length) sender.soon(0)
  }

  const forget = () => {
    sender?.stop()
    sender = undefined
    queue.clear()
    pending = []
    ids = { anonymousId: newId() }
    try {
      store?.removeItem(idKey)
    } catch {
      // Nothing was stored where nothing may be.
    }
  }

  const put = (type: string, members: Properties) => {
    if (state === 'denied') return
    const message: Message = {
      type,
      messageId: newId(),
      timestamp: new Date().toISOString(),
      ...ids,
      context: {
        library: { name: 'qiao-web', version: '0.1.0' },
        page: { path: location.pathname, url: location.href.split('#')[0], title: document.title, referrer: document.referrer },
        locale: navigator.language,
      },
      ...members,
    }
    if (state === 'pending') {
      pending.push(message)
      pending = pending.slice(-pendingLimit)
      return
    }
    queue.push(message)
    if (queue.messages.length >= (options.sendAt ?? 20)) void sender?.send()
    else sender?.soon(options.sendEveryMs ?? 3_000)
  }

  const qiao: Qiao = {
    track: (event, properties = {}) => put('track', { event, properties }),
    page: (name, properties = {}) => put('page', { ...(name ? { name } : {}), properties: { path: location.pathname, ...properties } }),
    identify: (userId, traits = {}) => {
      ids = { ...ids, userId }
      saveIds()
      put('identify', { traits })
    },
    consent: (granted) => {
      if (granted === (state === 'granted')) return
      state = granted ? 'granted' : 'denied'
      if (granted) begin()
      else forget()
    },
    reset: () => {
      ids = { anonymousId: newId() }
      saveIds()
    },
    flush: async () => sender?.send(),
  }

  if (state === 'granted') begin()
  if (options.watch ?? true) {
    const left = [watchDwell(qiao.track), watchForms(qiao.track)]
    watchClicks(qiao.track)
    watchExposures(qiao.track)
    let isFirst = true
    watchPages(() => {
      if (!isFirst) left.forEach((leave) => leave())
      isFirst = false
      qiao.page()
    })
    addEventListener('pagehide', () => left.forEach((leave) => leave()))
  }
  addEventListener('pagehide', () => {
    queue.save(true)
    sender?.beacon()
  })
  return qiao
}
