/** A session's events, followed for ever: reconnects with `after`, so no durable event is missed or seen twice. */
import { connection } from './connection.svelte'
import type { SessionEvent } from './events'
import { ApiError, fetchChecked } from './request'
import { streamPath } from './routes'
import { parseEvents, type ServerEvent } from './sse'

const FIRST_DELAY_MS = 400
const LONGEST_DELAY_MS = 8_000
const ANSWER_WITHIN_MS = 15_000
/** The server sends a comment every 15 s; three missed ones mean that the connection is dead. */
const SILENCE_MS = 45_000

export type Follower = { lastSeq: () => number; receive: (event: SessionEvent) => void }

/** Returns when `signal` aborts; throws `ApiError` when the server refuses for good. */
export async function follow(sessionId: string, follower: Follower, signal: AbortSignal): Promise<void> {
  let delay = FIRST_DELAY_MS
  while (!signal.aborted) {
    try {
      await readOnce(streamPath(sessionId, follower.lastSeq()), signal, (event) => {
        connection.reconnecting = false
        delay = FIRST_DELAY_MS
        follower.receive(event)
      })
    } catch (error) {
      if (signal.aborted) break
      if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) throw error
    }
    if (signal.aborted) break
    connection.reconnecting = true
    await pause(delay, signal)
    delay = Math.min(delay * 2, LONGEST_DELAY_MS)
  }
  connection.reconnecting = false
}

async function readOnce(path: string, signal: AbortSignal, receive: (event: SessionEvent) => void): Promise<void> {
  const attempt = new AbortController()
  const stop = () => attempt.abort()
  signal.addEventListener('abort', stop)
  let watchdog = setTimeout(stop, ANSWER_WITHIN_MS)
  try {
    const headers = { accept: 'text/event-stream' }
    const response = await fetchChecked(path, { headers, signal: attempt.signal })
    connection.reconnecting = false
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
      clearTimeout(watchdog)
      watchdog = setTimeout(stop, SILENCE_MS)
      const parsed = parseEvents(text + piece.value)
      text = parsed.rest
      for (const event of parsed.events) receive(toSessionEvent(event))
    }
  } finally {
    clearTimeout(watchdog)
    signal.removeEventListener('abort', stop)
  }
}

function toSessionEvent(event: ServerEvent): SessionEvent {
  const data = JSON.parse(event.data) as object
  return ('kind' in data ? data : { ...data, kind: event.event }) as SessionEvent
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
