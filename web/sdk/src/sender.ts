// Sends the queue in batches, one at a time, with backoff. A refusal (4xx) drops its batch, for it would
// be refused for ever; overload, faults and a dead network are tried again.
import type { Message, Queue } from './queue'

const maxBatch = 50
const firstWaitMs = 1_000
const longestWaitMs = 60_000
const maxBeaconBytes = 60_000 // browsers refuse 64 KiB

export class Sender {
  private busy = false
  private failures = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly url: string,
    private readonly writeKey: string,
    private readonly queue: Queue,
  ) {}

  // Within `ms`, unless a retry is planned already.
  soon(ms: number): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      void this.send()
    }, ms)
  }

  async send(): Promise<void> {
    if (this.busy || !this.queue.messages.length) return
    this.busy = true
    const batch = this.queue.messages.slice(0, maxBatch)
    let wait = 0
    try {
      const answer = await fetch(this.url, { method: 'POST', body: this.body(batch), headers: { 'Content-Type': 'text/plain' } })
      const isLater = answer.status === 429 || answer.status === 408 || answer.status >= 500
      if (isLater) wait = this.wait(Number(answer.headers.get('Retry-After')) * 1000)
      else this.queue.remove(batch)
    } catch {
      wait = this.wait(0)
    }
    this.busy = false
    if (!wait) this.failures = 0
    if (this.queue.messages.length) this.soon(wait)
  }

  // While the page goes away: no answer will be seen, so the messages stay queued. The next page sends
  // them again and the server takes each once.
  beacon(): void {
    const batch: Message[] = []
    let bytes = 200
    for (const message of this.queue.messages) {
      bytes += JSON.stringify(message).length * 2
      if (bytes > maxBeaconBytes || batch.length === maxBatch) break
      batch.push(message)
    }
    if (batch.length) navigator.sendBeacon?.(this.url, new Blob([this.body(batch)], { type: 'text/plain' }))
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private body(batch: Message[]): string {
    return JSON.stringify({ batch, writeKey: this.writeKey, sentAt: new Date().toISOString() })
  }

  // Doubling with jitter, so that the clients of an outage do not come back all at once.
  private wait(asked: number): number {
    const backoff = Math.min(longestWaitMs, firstWaitMs * 2 ** this.failures++)
    return Math.max(asked || 0, backoff * (0.5 + Math.random() / 2))
  }
}
