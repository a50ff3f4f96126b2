/** A recorded conversation: its events page by page, as the chat folds them. */
import { type AuditEvent, recordedEvents } from '../api/audit'
import type { DurableEvent, SessionEvent } from '../api/events'
import { reduce } from '../chat/reduce'
import { emptyView, type View } from '../chat/view'

const MOST_EVENTS = 10_000

export type Recording = { events: readonly DurableEvent[]; whole: boolean }

/** The whole conversation, or its beginning where it is very long. */
export async function record(sessionId: string): Promise<Recording> {
  const events: DurableEvent[] = []
  let after: number | null = 0
  while (after !== null && events.length < MOST_EVENTS) {
    const page = await recordedEvents(sessionId, after)
    events.push(...page.events.map(asStreamed))
    after = page.next_after
  }
  return { events, whole: after === null }
}

/** An event of the ledger as the stream of the session tells it. */
export function asStreamed(event: AuditEvent): DurableEvent {
  return { ...event.body, kind: event.kind, seq: event.seq, time: event.time } as unknown as DurableEvent
}

/** The view after so many events: goes on from the one before, and starts anew when it is to go back. */
export class Folded {
  #view: View = emptyView
  #folded = 0

  constructor(readonly events: readonly SessionEvent[]) {}

  after(count: number): View {
    if (count < this.#folded) {
      this.#view = emptyView
      this.#folded = 0
    }
    this.#view = this.events.slice(this.#folded, count).reduce(reduce, this.#view)
    this.#folded = count
    return this.#view
  }
}
