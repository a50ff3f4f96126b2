/** The story of one call: what is on record of it, step by step, in the order in which it happened. Pure. */
import type { AuditEvent } from '../api/audit'
import type { Json } from '../api/types'
import type { Tone } from '../ui/Badge.svelte'

export type Fact = { name: FactName; value: string }
export type FactName =
  | 'as'
  | 'by'
  | 'cause'
  | 'digest'
  | 'duration'
  | 'operation'
  | 'origin'
  | 'persons'
  | 'rule'
  | 'signature'
  | 'worker'

export type Step = {
  event: AuditEvent
  tone: Tone
  facts: Fact[]
  /** Each rule that was looked at, where the policy was asked. */
  trace: [string, string][]
  /** What is long: arguments, a preview, a result. */
  content: { name: 'arguments' | 'error' | 'preview' | 'result'; value: Json }[]
}

const FACTS: [string, FactName][] = [
  ['principal', 'by'],
  ['requester', 'by'],
  ['by', 'by'],
  ['origin', 'origin'],
  ['acting_as', 'as'],
  ['worker_id', 'worker'],
  ['operation_id', 'operation'],
  ['rule', 'rule'],
  ['reason', 'cause'],
  ['message', 'cause'],
  ['persons', 'persons'],
  ['digest', 'digest'],
  ['signature', 'signature'],
  ['duration_ms', 'duration'],
]
const CONTENT = ['arguments', 'preview', 'result', 'error'] as const

export function story(events: readonly AuditEvent[]): Step[] {
  return events.map((event) => ({
    event,
    tone: toneOf(event),
    facts: FACTS.flatMap(([field, name]) => factOf(event.body[field], name)),
    trace: traceOf(event.body.decision),
    content: CONTENT.flatMap((name) => contentOf(event.body[name], name)),
  }))
}

function factOf(value: Json | undefined, name: FactName): Fact[] {
  if (typeof value === 'string' && value !== '') return [{ name, value }]
  return typeof value === 'number' ? [{ name, value: String(value) }] : []
}

function contentOf(value: Json | undefined, name: Step['content'][number]['name']): Step['content'] {
  const empty = value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0)
  return empty ? [] : [{ name, value }]
}

function traceOf(decision: Json | undefined): [string, string][] {
  if (decision === null || typeof decision !== 'object' || Array.isArray(decision)) return []
  const { trace } = decision
  if (!Array.isArray(trace)) return []
  return trace.flatMap((one) => (Array.isArray(one) ? [[String(one[0]), String(one[1])] as [string, string]] : []))
}

function toneOf({ kind, body }: AuditEvent): Tone {
  if (kind === 'call.refused' || kind === 'approval.refused') return 'bad'
  if (kind === 'approval.requested') return 'warn'
  if (kind === 'approval.given') return 'good'
  if (kind === 'approval.decided') return body.verdict === 'approved' ? 'good' : 'bad'
  if (kind !== 'call.outcome') return 'plain'
  if (body.status === 'done') return 'good'
  return body.status === 'indeterminate' ? 'warn' : 'bad'
}

/** What an event says in a few words, for a row of a list. */
export function gist(event: AuditEvent): string {
  const words = ['text', 'title', 'status', 'verdict', 'code', 'message', 'reason', 'rule', 'name', 'what']
  const said = words.map((word) => event.body[word]).filter((value) => typeof value === 'string' && value !== '')
  return said.slice(0, 3).join(' · ').replaceAll('\n', ' ').slice(0, 200)
}
