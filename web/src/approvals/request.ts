/** What an approval card shows, whether it comes from the queue or from a conversation. */
import type { Approval, Arguments, Risk } from '../api/types'
import type { ApprovalView } from '../chat/view'

export type ApprovalRequest = ApprovalView & {
  tool: string
  arguments: Arguments
  risk: Risk
  requestedAt?: string
  sessionId?: string | null
  workerId?: string | null
  trace?: [string, string][]
}

export function fromQueue(approval: Approval): ApprovalRequest {
  return {
    approvalId: approval.approval_id,
    requester: approval.requester,
    rule: approval.rule,
    reason: approval.reason,
    digest: approval.digest,
    preview: approval.preview,
    expiresAt: approval.expires_at,
    verdict: approval.state,
    decidedBy: approval.decided_by,
    decidedReason: approval.decided_reason,
    tool: approval.tool,
    arguments: approval.arguments,
    risk: approval.risk,
    requestedAt: approval.requested_at,
    sessionId: approval.session_id,
    workerId: approval.worker_id,
    persons: approval.persons,
    given: approval.given,
    freshLoginS: approval.fresh_login_s,
    unbound: approval.unbound,
    diff: approval.diff,
    trace: approval.trace,
  }
}

const weight: Record<Risk, number> = { forbidden: 3, high: 2, write: 1, read: 0 }

/** Most dangerous first; among equals, who waits longest. */
export function byRiskAndAge(a: Approval, b: Approval): number {
  return weight[b.risk] - weight[a.risk] || a.requested_at.localeCompare(b.requested_at)
}
