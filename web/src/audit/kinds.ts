/** What a search may look for, as the address says it: attempts (''), every event ('*'), or events of one kind. */

export const ATTEMPTS = ''
export const EVERY = '*'

/** Kinds in the ledger, in the order in which an administrator asks for them. */
export const KINDS = [
  'approval.requested',
  'approval.decided',
  'approval.refused',
  'grant.given',
  'grant.revoked',
  'call.refused',
  'call.intent',
  'call.outcome',
  'calls.throttled',
  'session.opened',
  'user.message',
  'model.replied',
  'model.failed',
  'worker.launched',
  'worker.connected',
  'worker.disconnected',
  'worker.gone',
  'lock.set',
  'lock.lifted',
  'policy.loaded',
  'policy.refused',
  'lease.taken',
  'audit.read',
  'audit.erased',
  'audit.archived',
] as const
