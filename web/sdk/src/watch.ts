// What the SDK sees by itself: pages, clicks, exposures, dwell time and forms. Elements say their names:
// data-qiao-click="buy", data-qiao-exposure="banner-1"; forms by name or id. The values of fields are
// never read.

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

export function watchClicks(track: Track): void {
  document.addEventListener(
    'click',
    (event) => {
      const element = (event.target as Element | null)?.closest?.('[data-qiao-click]')
      if (element) track('click', { element: element.getAttribute('data-qiao-click') })
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
            track('exposure', { element: target.getAttribute('data-qiao-exposure') })
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
