/** The session as the server tells it (how much of the context is used, what one may do) and what its budgets have left. What was known stays while nothing answers. */

import { ApiError } from '../api/request'
import { session } from '../api/routes'
import type { Session } from '../api/types'
import { type Limits, sessionBudgets } from '../api/usage'

export class SessionStatus {
  session = $state.raw<Session | null>(null)
  left = $state.raw<Limits | null>(null)
  #busy = false
  #again = false

  constructor(readonly sessionId: string) {}

  /** One question at a time; one that comes meanwhile is asked afterwards. */
  async load(): Promise<void> {
    this.#again = this.#busy
    if (this.#busy) return
    this.#busy = true
    try {
      const [one, budgets] = await Promise.all([session(this.sessionId), sessionBudgets(this.sessionId)])
      this.session = one
      this.left = budgets.left
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    } finally {
      this.#busy = false
    }
    if (this.#again) await this.load()
  }
}
