// Events on their way: kept in localStorage until the server has answered 200, so that a reload, a
// crash or a dead network loses none. Every tab has a queue of its own, since two tabs writing one key
// would overwrite each other; a new page adopts the queues that closed tabs left behind. Sending an
// event twice is safe: the server recognises its messageId.

export interface Message {
  type: string
  messageId: string
  timestamp: string
  [member: string]: unknown
}

const prefix = 'qiao.q.'
const abandonedAfterMs = 60_000

export class Queue {
  messages: Message[] = []

  constructor(
    private readonly storage: Storage | undefined,
    private readonly tab: string,
    private readonly limit: number,
  ) {
    this.adopt()
  }

  push(message: Message): void {
    this.messages.push(message)
    // The oldest go first: what a customer does now matters more than what could not be sent for days.
    if (this.messages.length > this.limit) this.messages.splice(0, this.messages.length - this.limit)
    this.save()
  }

  remove(sent: Message[]): void {
    const gone = new Set(sent)
    this.messages = this.messages.filter((message) => !gone.has(message))
    this.save()
  }

  clear(): void {
    this.messages = []
    this.save()
  }

  // Also a sign of life: other pages leave a queue alone that was saved a moment ago. A page that goes
  // away releases its queue, so that the next one need not wait.
  save(isReleased = false): void {
    const key = prefix + this.tab
    const at = isReleased ? 0 : Date.now()
    try {
      if (this.messages.length) this.storage?.setItem(key, JSON.stringify({ at, messages: this.messages }))
      else this.storage?.removeItem(key)
    } catch {
      // A full or forbidden storage leaves the queue in memory.
    }
  }

  private adopt(): void {
    try {
      const storage = this.storage
      if (!storage) return
      for (let i = storage.length - 1; i >= 0; i--) {
        const key = storage.key(i)
        if (!key?.startsWith(prefix)) continue
        const kept = JSON.parse(storage.getItem(key) ?? '{}')
        if (Date.now() - (kept.at ?? 0) < abandonedAfterMs && key !== prefix + this.tab) continue
        if (Array.isArray(kept.messages)) this.messages.push(...kept.messages)
        storage.removeItem(key)
      }
      this.messages = this.messages.slice(-this.limit)
      this.save()
    } catch {
      // Storage is forbidden, or holds what is not ours.
    }
  }
}
