/** A clock that ticks every second, set by the server's time. */
import { connection } from '../api/connection.svelte'

class Clock {
  #local = $state(Date.now())
  readonly now = $derived(this.#local + connection.skewMs)

  constructor() {
    setInterval(() => {
      if (!document.hidden) this.#local = Date.now()
    }, 1000)
    document.addEventListener('visibilitychange', () => {
      this.#local = Date.now()
    })
  }
}

export const clock = new Clock()
