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
    approver: approval.approver,
    persons: approval.persons,
    given: approval.given,
    freshLoginS: approval.fresh_login_s,
    unbound: approval.unbound,
    diff: approval.diff,
    trace: approval.trace,
  }
}

/** Whether this user confirms the request themself. */
export function confirms(request: ApprovalRequest, username: string | undefined): boolean {
  return request.approver === 'requester' && request.requester === username
}

/** What takes two persons or a fresh sign-in, or was not looked at, is approved one by one, and so is one's own. */
export function grantable(request: ApprovalRequest, username: string | undefined): boolean {
  const more = request.persons > 1 || request.freshLoginS !== null || request.unbound.length > 0
  return !more && request.requester !== username
}

const weight: Record<Risk, number> = { forbidden: 3, high: 2, write: 1, read: 0 }

/** Most dangerous first; among equals, who waits longest. */
export function byRiskAndAge(a: Approval, b: Approval): number {
  return weight[b.risk] - weight[a.risk] || a.requested_at.localeCompare(b.requested_at)
}
