/** What is on record, for those who may read the audit. Every look is itself recorded, so nothing here asks twice. */
import { fetchChecked, request } from './request'
import type { Json } from './types'

const base = '/api/v1/audit'
const part = encodeURIComponent
const RECORDING_DEADLINE_MS = 120_000

export type AuditEvent = {
  chain: string
  seq: number
  kind: string
  time: string
  actor: string | null
  tool: string | null
  call_id: string | null
  body: { [key: string]: Json }
  /** Its personal content was erased; placeholders stand for it. */
  erased: boolean
  hash: string
}
export type EventPage = { events: AuditEvent[]; next_cursor: string | null }

export type Outcome = 'open' | 'done' | 'failed' | 'refused' | 'indeterminate'
export type Attempt = {
  call_id: string
  chain: string
  tool: string
  user: string
  time: string
  verdict: string
  decided_by: string
  outcome: Outcome
  detail: string
  jobs: string[]
}
export type AttemptPage = { attempts: Attempt[]; next_cursor: string | null }
export type RecordedCall = { attempt: Attempt; erased: boolean; events: AuditEvent[] }

export type RecordedSession = {
  session_id: string
  owner: string
  title: string
  model: string
  first: string
  last: string
  events: number
  turns: number
  running: boolean
}
export type RecordedSessionPage = { sessions: RecordedSession[]; next_cursor: string | null }
export type RecordedEvents = { session_id: string; events: AuditEvent[]; next_after: number | null }

export type Verified = {
  ok: boolean
  /** Chains that were moved to archives are not here, which `missing` names. */
  whole: boolean
  missing: string[]
  chains: number
  events: number
  erased: number
  checkpoints: number
  sealed: number
  sealed_until: string | null
  witnesses: string[]
  unchecked: string[]
  attempts: number
  outcomes: Partial<Record<Outcome, number>>
  problems: string[]
}

/** `kind` is that of events; attempts have none. Times are RFC 3339. */
export type AuditQuery = {
  actor?: string
  tool?: string
  kind?: string
  chain?: string
  since?: string
  until?: string
  q?: string
}

const search = (values: Record<string, string | number | null | undefined>) => {
  const filled = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return new URLSearchParams(filled.map(([key, value]) => [key, String(value)]))
}

export const auditEvents = (query: AuditQuery, cursor: string | null) =>
  request<EventPage>(`${base}/events?${search({ ...query, cursor })}`)
export const auditAttempts = (query: AuditQuery, cursor: string | null) =>
  request<AttemptPage>(`${base}/attempts?${search({ ...query, cursor })}`)
export const recordedCall = (callId: string) => request<RecordedCall>(`${base}/calls/${part(callId)}`)
export const recordedSessions = (owner: string, cursor: string | null) =>
  request<RecordedSessionPage>(`${base}/sessions?${search({ owner, cursor })}`)
export const recordedEvents = (sessionId: string, after: number) =>
  request<RecordedEvents>(`${base}/sessions/${part(sessionId)}/events?${search({ after, limit: 500 })}`)
export const verifyLedger = () => request<Verified>(`${base}/verify`, { deadlineMs: 300_000 })

export type RecordingState = 'live' | 'kept' | 'erased' | 'removed' | 'lost'
export type RecordedTerminal = {
  recording_id: string
  user: string
  worker_id: string
  terminal_id: string
  begun: string
  ended: string | null
  end: string | null
  bytes: number | null
  sha256: string | null
  state: RecordingState
}
export type RecordedTerminalPage = { recordings: RecordedTerminal[]; next_cursor: string | null }

export const recordedTerminals = (user: string, cursor: string | null) =>
  request<RecordedTerminalPage>(`${base}/terminals?${search({ user, cursor })}`)

/** The recording as asciicast v2. */
export async function recordedTerminal(id: string): Promise<string> {
  const signal = AbortSignal.timeout(RECORDING_DEADLINE_MS)
  return (await fetchChecked(`${base}/terminals/${part(id)}`, { signal })).text()
}
