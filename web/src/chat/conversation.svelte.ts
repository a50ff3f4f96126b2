/** One session, followed live: folds its stream into a view and sends what the user says. */
import type { SessionEvent } from '../api/events'
import { ApiError } from '../api/request'
import { changeBudget, changeSession, sendMessage, stopTurn } from '../api/routes'
import { follow } from '../api/stream'
import { reduce } from './reduce'
import { type BudgetLimits, emptyView, type View } from './view'

export class Conversation {
  view = $state.raw<View>(emptyView)
  /** The stream has delivered what was there when it was opened. */
  loaded = $state(false)
  error = $state<ApiError | null>(null)
  #waiting: SessionEvent[] = []
  #frame = 0
  #stop = new AbortController()

  constructor(readonly sessionId: string) {}

  /** Follows the stream until the returned function is called. */
  start(): () => void {
    const follower = { lastSeq: () => this.#lastSeq(), receive: (event: SessionEvent) => this.#receive(event) }
    follow(this.sessionId, follower, this.#stop.signal).catch((error: unknown) => {
      this.error = error instanceof ApiError ? error : new ApiError('page_fault', String(error), false)
    })
    return () => {
      this.#stop.abort()
      cancelAnimationFrame(this.#frame)
    }
  }

  send(text: string): Promise<{ seq: number }> {
    return sendMessage(this.sessionId, text)
  }

  /** Gives the session to another model and says the last message again. */
  async goOnWith(model: string): Promise<void> {
    try {
      await changeSession(this.sessionId, { model })
      const last = this.view.items.findLast((item) => item.kind === 'user')
      if (last) await this.send(last.text)
    } catch (error) {
      this.error = error instanceof ApiError ? error : new ApiError('page_fault', String(error), false)
    }
  }

  /** The turn that waits tries again by itself. */
  async raiseBudget(limits: BudgetLimits): Promise<void> {
    try {
      await changeBudget(this.sessionId, limits)
    } catch (error) {
      this.error = error instanceof ApiError ? error : new ApiError('page_fault', String(error), false)
    }
  }

  stopTurn(): Promise<unknown> {
    return stopTurn(this.sessionId)
  }

  #lastSeq(): number {
    this.#flush()
    return this.view.lastSeq
  }

  /** Many events come in one network piece; they are folded together, once per frame. */
  #receive(event: SessionEvent): void {
    this.#waiting.push(event)
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#flush())
  }

  #flush(): void {
    this.#frame = 0
    const events = this.#waiting
    this.#waiting = []
    if (events.length === 0) return
    this.view = events.reduce(reduce, this.view)
    this.loaded = true
  }
}
