/** Ask again and again while the page is looked at. */

/**
 * Calls `ask`, which must not fail, now and `everyMs` after each answer; not while the tab is hidden. Where the interval
 * depends on how it goes (`Pace`), it is asked after each answer.
 */
export function poll(ask: () => Promise<unknown>, everyMs: number | (() => number)): () => void {
  const pause = typeof everyMs === 'number' ? () => everyMs : everyMs
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false
  async function round(): Promise<void> {
    timer = undefined
    if (!document.hidden) await ask()
    if (!ended) timer = setTimeout(round, pause())
  }
  function seen(): void {
    if (document.hidden || timer === undefined) return
    clearTimeout(timer)
    void round()
  }
  document.addEventListener('visibilitychange', seen)
  void round()
  return () => {
    ended = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', seen)
  }
}

/** How long to wait: twice as long after each failure, and never so short that a slow server is kept busy. */
export class Pace {
  #ms: number

  constructor(
    readonly leastMs: number,
    readonly mostMs: number,
  ) {
    this.#ms = leastMs
  }

  readonly next = (): number => this.#ms

  succeeded(tookMs: number): void {
    this.#ms = Math.min(this.mostMs, Math.max(this.leastMs, 5 * tookMs))
  }

  failed(): void {
    this.#ms = Math.min(this.mostMs, 2 * this.#ms)
  }
}
