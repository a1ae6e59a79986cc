// What the SDK sees by itself: pages, clicks, exposures, dwell time and forms. Elements say their names:
// data-qiao-click="buy", data-qiao-exposure="banner-1"; forms by name or id; screens by
// data-qiao-screen="transfer" around them, else by their path. Of what has no name the path of tags, ids
// and names is recorded. The values of fields and the texts of the page are never read.

export type Track = (event: string, properties: Record<string, unknown>) => void

const exposureMs = 1_000 // seen means: half of it, for a second

export function watchPages(page: () => void): void {
  const history = window.history
  let path = location.href
  const moved = () => {
    if (location.href === path) return
    path = location.href
    page()
  }
  for (const name of ['pushState', 'replaceState'] as const) {
    const original = history[name]
    history[name] = function (this: History, ...parts: Parameters<History['pushState']>) {
      original.apply(this, parts)
      moved()
    }
  }
  addEventListener('popstate', moved)
  page()
}

const clickable = 'a,button,input,select,label,summary,[role]'

// The screen that an element is on.
const screenOf = (element: Element) =>
  element.closest('[data-qiao-screen]')?.getAttribute('data-qiao-screen') ?? location.pathname

// From the nearest ancestor with an id: form#pay>div>button[next]. At most five steps; ids with digits are
// made by machines and change.
function pathOf(element: Element): string {
  const steps: string[] = []
  for (let at: Element | null = element; at && steps.length < 5; at = at.parentElement) {
    const id = /^[a-z_-]+$/i.test(at.id) && '#' + at.id
    const name = at.getAttribute('name') ?? at.getAttribute('role')
    steps.unshift(at.localName + (id || (name ? `[${name}]` : '')))
    if (id) break
  }
  return steps.join('>')
}

// The slot that an element stands in.
const slotOf = (element: Element) => element.closest('[data-qiao-exposure]')?.getAttribute('data-qiao-exposure')

const share = (part: number, whole: number) => Math.round((part / whole) * 1_000) / 1_000

// The middle of an element, as a share of the window's width and of the page's height.
function placeOf(element: Element) {
  const { left, top, width, height } = element.getBoundingClientRect()
  return {
    x: share(left + width / 2, innerWidth),
    y: share(top + scrollY + height / 2, document.documentElement.scrollHeight),
  }
}

export function watchClicks(track: Track): void {
  document.addEventListener(
    'click',
    (event) => {
      const target = event.target as Element | null
      const element = target?.closest?.('[data-qiao-click]') ?? target?.closest?.(clickable)
      if (!element) return
      const label = element.getAttribute('data-qiao-label')
      const slot = slotOf(element)
      track('click', {
        page: screenOf(element),
        element: element.getAttribute('data-qiao-click') ?? pathOf(element),
        ...(label && { label }),
        ...(slot && { slot }),
        ...placeOf(element),
      })
    },
    true,
  )
}

export function watchExposures(track: Track): void {
  if (typeof IntersectionObserver === 'undefined') return
  const timers = new Map<Element, ReturnType<typeof setTimeout>>()
  const known = new WeakSet<Element>()
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(timers.get(target))
        timers.delete(target)
        if (!isIntersecting) continue
        timers.set(
          target,
          setTimeout(() => {
            observer.unobserve(target)
            timers.delete(target)
            track('exposure', { page: screenOf(target), slot: slotOf(target) })
          }, exposureMs),
        )
      }
    },
    { threshold: 0.5 },
  )
  const look = () => {
    for (const element of document.querySelectorAll('[data-qiao-exposure]')) {
      if (known.has(element)) continue
      known.add(element)
      observer.observe(element)
    }
  }
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true })
  look()
}

// Time in front of somebody's eyes: only while the page is visible. Answers a function to be called when
// the page changes or goes away.
export function watchDwell(track: Track): () => void {
  let seen = 0
  let since = document.visibilityState === 'visible' ? Date.now() : 0
  let path = location.pathname
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') since = Date.now()
    else if (since) {
      seen += Date.now() - since
      since = 0
    }
  })
  return () => {
    const total = seen + (since ? Date.now() - since : 0)
    if (total >= 1_000) track('dwell', { path, seconds: Math.round(total / 100) / 10 })
    seen = 0
    since = since && Date.now()
    path = location.pathname
  }
}

// Answers a function that tells of a form that was begun and left.
export function watchForms(track: Track): () => void {
  let begun: HTMLFormElement | undefined
  const name = (form: HTMLFormElement) => form.getAttribute('name') || form.id || 'form'
  const told = (event: string, form: HTMLFormElement, extra = {}) => track(event, { form: name(form), ...extra })
  document.addEventListener('focusin', (event) => {
    const form = (event.target as Element | null)?.closest?.('form')
    if (!form || form === begun) return
    begun = form
    told('form_start', form)
  })
  document.addEventListener(
    'submit',
    (event) => {
      const form = event.target as HTMLFormElement
      told('form_submit', form)
      if (form === begun) begun = undefined
    },
    true,
  )
  return () => {
    if (begun) told('form_abandon', begun)
    begun = undefined
  }
}
