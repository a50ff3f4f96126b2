/** One session, followed live: folds its stream into a view and sends what the user says. */
import type { SessionEvent } from '../api/events'
import type { ApiError } from '../api/request'
import {
  branchSession,
  changeBudget,
  changePath,
  changeSession,
  letReadTerminal,
  sendMessage,
  setEditReview,
  setPlanMode,
  stopTurn,
} from '../api/routes'
import { follow } from '../api/stream'
import type { Quote } from '../api/types'
import type { Limits } from '../api/usage'
import { asApiError } from '../ui/words'
import { tip } from './paths'
import { reduce } from './reduce'
import { emptyView, shown, type View } from './view'

/** Bounds of the service for what goes along with one message. */
const MOST_QUOTES = 5
const MOST_CHARACTERS = 16_000

export class Conversation {
  view = $state.raw<View>(emptyView)
  /** The stream has delivered what was there when it was opened. */
  loaded = $state(false)
  error = $state<ApiError | null>(null)
  /** What goes along with the next message. */
  quotes = $state.raw<readonly Quote[]>([])
  #waiting: SessionEvent[] = []
  #frame = 0
  #stop = new AbortController()

  constructor(readonly sessionId: string) {}

  /** Follows the stream until the returned function is called. */
  start(): () => void {
    const follower = { lastSeq: () => this.#lastSeq(), receive: (event: SessionEvent) => this.#receive(event) }
    follow(this.sessionId, follower, this.#stop.signal).catch((error: unknown) => {
      this.error = asApiError(error)
    })
    return () => {
      this.#stop.abort()
      cancelAnimationFrame(this.#frame)
    }
  }

  async send(text: string): Promise<{ seq: number }> {
    const sent = this.quotes
    const answer = await sendMessage(this.sessionId, text, [...sent])
    this.quotes = this.quotes.filter((quote) => !sent.includes(quote))
    return answer
  }

  /** Of a long text the end; of many the latest. */
  quote(quote: Quote): void {
    const text = quote.text.trimEnd().slice(-MOST_CHARACTERS)
    if (text.trim() !== '') this.quotes = [...this.quotes, { ...quote, text }].slice(-MOST_QUOTES)
  }

  letReadTerminal(workerId: string, terminalId: string, on: boolean): Promise<void> {
    return this.#attempt(() => letReadTerminal(this.sessionId, workerId, terminalId, on))
  }

  /** A message of an earlier turn in other words: the conversation goes on from there. */
  edit(turn: number, text: string): Promise<{ seq: number }> {
    return branchSession(this.sessionId, turn, text)
  }

  askAgain(turn: number): Promise<void> {
    return this.#attempt(() => branchSession(this.sessionId, turn, null))
  }

  /** Goes on with the way that begins with this turn, where it was left. */
  goTo(turn: number): Promise<void> {
    return this.#attempt(() => changePath(this.sessionId, tip(this.view.paths, turn)))
  }

  /** Gives the session to another model and says the last message again. */
  goOnWith(model: string): Promise<void> {
    return this.#attempt(async () => {
      await changeSession(this.sessionId, { model })
      const last = shown(this.view).findLast((item) => item.kind === 'user')
      if (last) await this.send(last.text)
    })
  }

  /** Of this session, or of one above it. The turn that waits tries again by itself. */
  raiseBudget(sessionId: string, limits: Limits): Promise<void> {
    return this.#attempt(() => changeBudget(sessionId, limits))
  }

  setPlanMode(on: boolean): Promise<void> {
    return this.#attempt(() => setPlanMode(this.sessionId, on))
  }

  setEditReview(on: boolean): Promise<void> {
    return this.#attempt(() => setEditReview(this.sessionId, on))
  }

  stopTurn(): Promise<unknown> {
    return stopTurn(this.sessionId)
  }

  async #attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
      this.error = null
    } catch (error) {
      this.error = asApiError(error)
    }
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
