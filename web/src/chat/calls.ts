/** The fold of one tool call: proposed → (waits for approval) → running → done, failed, refused or indeterminate. */
import type { DurableEvent, LiveEvent } from '../api/events'
import type { ApprovalView, CallView, Item } from './view'

type CallEvent = Extract<DurableEvent, { call_id: string }>
type OfBelow = Extract<DurableEvent, { delegate: string }>
type Output = Extract<LiveEvent, { kind: 'output' }>

/** Only the end of a long output is kept. */
const MOST_OUTPUT = 64 * 1024

export function isCallEvent(event: DurableEvent): event is CallEvent {
  return 'call_id' in event
}

/** A call that is new came in `turn`. */
export function foldCall(items: readonly Item[], event: CallEvent, turn: number): readonly Item[] {
  const index = items.findLastIndex((item) => item.kind === 'call' && item.callId === event.call_id)
  const before = items[index]
  const call = { turn, ...advance(before?.kind === 'call' ? before : newCall(event), event) }
  return index < 0 ? [...items, call] : items.with(index, call)
}

export function withOutput(items: readonly Item[], event: Output): readonly Item[] {
  const index = items.findLastIndex((item) => item.kind === 'call' && item.callId === event.call_id)
  const before = items[index]
  if (before?.kind !== 'call') return items
  return items.with(index, { ...before, output: (before.output + event.text).slice(-MOST_OUTPUT) })
}

export function isOfBelow(event: DurableEvent): event is OfBelow {
  return 'delegate' in event
}

export function withBelow(items: readonly Item[], event: OfBelow): readonly Item[] {
  return items.map((item) =>
    item.kind === 'call' && item.callId === event.delegate ? { ...item, below: below(item, event) } : item,
  )
}

function below(call: CallView, event: OfBelow): CallView['below'] {
  const others = call.below.filter((one) => one.approvalId !== event.approval_id)
  if (event.kind === 'subagent.goes_on') return others
  const { approval_id: approvalId, session_id: sessionId, profile, tool } = event
  return [...others, { approvalId, sessionId, profile, tool }]
}

function advance(call: CallView, event: CallEvent): CallView {
  switch (event.kind) {
    case 'call.proposed':
      return {
        ...call,
        risk: event.risk,
        origin: event.origin,
        principal: event.principal,
        workerId: event.worker_id ?? null,
      }
    case 'call.refused':
      return { ...call, ...refused(call, event) }
    case 'approval.requested':
      // What is decided on is what would run, for instance the job ids that "all jobs of bob" are.
      return { ...call, arguments: event.arguments, status: 'waiting', risk: event.risk, approval: requested(event) }
    case 'approval.given':
      return { ...call, approval: call.approval && { ...call.approval, given: [...call.approval.given, event.by] } }
    case 'approval.decided':
      return { ...call, ...decided(call, event) }
    case 'call.intent':
      return {
        ...call,
        status: 'running',
        actingAs: event.acting_as,
        workerId: event.worker_id,
        operationId: event.operation_id,
        startedAt: event.time,
      }
    case 'call.outcome':
      return {
        ...call,
        status: event.status,
        result: event.result,
        error: event.error ?? null,
        durationMs: event.duration_ms,
      }
    default:
      return call // an event of a call that this page knows nothing of, for instance an attempt to approve in vain
  }
}

/** A request that was still waiting has nobody to decide it any more. */
function refused(call: CallView, event: Extract<CallEvent, { kind: 'call.refused' }>): Partial<CallView> {
  const error = { code: event.code, message: event.message, retryable: false }
  const open = call.approval?.verdict === 'pending'
  return {
    status: 'refused',
    error,
    approval: call.approval && open ? { ...call.approval, verdict: 'closed' } : call.approval,
  }
}

function requested(event: Extract<CallEvent, { kind: 'approval.requested' }>): ApprovalView {
  return {
    approvalId: event.approval_id,
    requester: event.requester,
    rule: event.rule,
    reason: event.reason,
    digest: event.digest,
    preview: event.preview,
    expiresAt: event.expires_at,
    verdict: 'pending',
    decidedBy: null,
    decidedReason: null,
    approver: event.approver ?? 'administrator',
    persons: event.persons ?? 1,
    given: [],
    freshLoginS: event.fresh_login_s ?? null,
    unbound: event.unbound ?? [],
    diff: event.diff ?? null,
  }
}

function decided(call: CallView, event: Extract<CallEvent, { kind: 'approval.decided' }>): Partial<CallView> {
  const status = event.verdict === 'approved' ? 'proposed' : 'refused'
  if (!call.approval) return { status }
  const approval = { ...call.approval, verdict: event.verdict, decidedBy: event.by, decidedReason: event.reason }
  return { status, approval }
}

function newCall(event: CallEvent): CallView {
  return {
    kind: 'call',
    key: `c${event.call_id}`,
    callId: event.call_id,
    tool: 'tool' in event ? event.tool : '',
    arguments: 'arguments' in event ? event.arguments : {},
    risk: null,
    origin: '',
    principal: '',
    status: 'proposed',
    actingAs: null,
    workerId: null,
    operationId: null,
    startedAt: null,
    durationMs: null,
    result: undefined,
    error: null,
    output: '',
    approval: null,
    below: [],
  }
}
