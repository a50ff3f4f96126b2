/** Ask again and again while the page is looked at. */

/** Calls `ask`, which must not fail, now and `everyMs` after each answer; not while the tab is hidden. */
export function poll(ask: () => Promise<unknown>, everyMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false
  async function round(): Promise<void> {
    timer = undefined
    if (!document.hidden) await ask()
    if (!ended) timer = setTimeout(round, everyMs)
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
