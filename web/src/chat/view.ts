/** What the conversation shows. Values only; `reduce.ts` makes them from events. */
import type {
  ApprovalState,
  Approver,
  Arguments,
  CallError,
  Json,
  ModelChoice,
  Preview,
  Quote,
  Risk,
  Trust,
} from '../api/types'
import type { Limits, Measure } from '../api/usage'
import { noTurns, onPath, type Paths } from './paths'

export type ApprovalView = {
  approvalId: string
  requester: string
  rule: string
  reason: string
  digest: string
  preview: Preview
  expiresAt: string
  verdict: ApprovalState
  decidedBy: string | null
  decidedReason: string | null
  approver: Approver
  persons: number
  given: string[]
  freshLoginS: number | null
  unbound: string[]
  diff: string | null
}

/** What a sub-agent that a call waits for, or one below it, wants to be approved. */
export type BelowView = { approvalId: string; sessionId: string; profile: string; tool: string }

export type CallViewStatus = 'proposed' | 'waiting' | 'running' | 'done' | 'failed' | 'refused' | 'indeterminate'

export type CallView = {
  kind: 'call'
  key: string
  callId: string
  tool: string
  arguments: Arguments
  risk: Risk | null
  origin: string
  principal: string
  status: CallViewStatus
  actingAs: string | null
  workerId: string | null
  operationId: string | null
  startedAt: string | null
  durationMs: number | null
  result: Json | undefined
  error: CallError | null
  output: string
  approval: ApprovalView | null
  below: readonly BelowView[]
}

/** What a person wrote; `turn` is the one that it began. */
export type UserView = {
  kind: 'user'
  key: string
  turn: number
  text: string
  by: string
  time: string
  quotes: readonly Quote[]
}
export type ReplyView = { kind: 'reply'; key: string; text: string; time: string }
export type FailureView = { kind: 'failure'; key: string; error: CallError }
/** A call that the model wrote so badly that it could not become one. */
export type UnreadableCallView = { kind: 'unreadable'; key: string; tool: string; raw: string }
/** The next step would show the session's model what it may not see; nothing was looked at or sent. */
export type TrustNeededView = {
  kind: 'trust'
  key: string
  message: string
  model: string
  offer: ModelChoice | null
}
/** The turn waits for more of a budget; money is in the site's unit. */
export type BudgetView = {
  kind: 'budget'
  key: string
  account: string
  message: string
  /** Those that are used up. */
  measures: Measure[]
  limits: Partial<Limits>
  open: boolean
}
/** From here on the model reads `text` in place of what was before; both sizes in tokens. */
export type CompactedView = { kind: 'compacted'; key: string; text: string; before: number; after: number }
export type EndView = { kind: 'end'; key: string; reason: 'stopped' | 'failed' | 'limit'; detail: string }
export type Shown =
  | UserView
  | ReplyView
  | CallView
  | FailureView
  | UnreadableCallView
  | TrustNeededView
  | BudgetView
  | CompactedView
  | EndView
/** `turn` is the one that it came in. */
export type Item = Shown & { turn: number }

/** The reply that is being written. `points` counts its characters as the server does: by code point. */
export type LiveReply = { turn: number; text: string; points: number }

export type ReadableTerminal = { workerId: string; terminalId: string; by: string }

export type View = {
  lastSeq: number
  title: string
  owner: string
  workerId: string | null
  model: string
  trust: Trust | null
  planMode: boolean
  /** Edits of the agent wait for its user's word. */
  editReview: boolean
  /** Terminals that the agent may read now. */
  readable: readonly ReadableTerminal[]
  running: boolean
  asking: boolean
  live: LiveReply | null
  paths: Paths
  /** Of all ways; those that are shown are `shown(view)`. */
  items: readonly Item[]
  promptTokens: number
  completionTokens: number
}

/** What can be done with the ways of a conversation: all that begin with a turn's message, and going another one. */
export type Ways = {
  of: (turn: number) => number[]
  go?: (turn: number) => void
  edit?: (turn: number, text: string) => void
  again?: (turn: number) => void
}

/** What is on the path that the conversation goes on with. */
export function shown(view: View): readonly Item[] {
  const path = onPath(view.paths)
  return view.items.filter((item) => path.has(item.turn))
}

/** Tools whose calls wait for approval. */
export function waitsFor(view: View): string[] {
  return view.items
    .filter((item) => item.kind === 'call' && item.status === 'waiting')
    .map((item) => (item as CallView).tool)
}

/** How many calls that may have changed something have ended: whoever shows files looks again when it grows. */
export function changesMade(view: View): number {
  return view.items.filter((item) => item.kind === 'call' && item.risk !== 'read' && item.durationMs !== null).length
}

export const emptyView: View = {
  lastSeq: 0,
  title: '',
  owner: '',
  workerId: null,
  model: '',
  trust: null,
  planMode: false,
  editReview: false,
  readable: [],
  running: false,
  asking: false,
  live: null,
  paths: noTurns,
  items: [],
  promptTokens: 0,
  completionTokens: 0,
}
