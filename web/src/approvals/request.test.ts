import { expect, test } from 'vitest'
import type { Approval, Risk } from '../api/types'
import { type ApprovalRequest, byRiskAndAge, confirms, grantable } from './request'

const approval = (id: string, risk: Risk, requested_at: string) => ({ approval_id: id, risk, requested_at }) as Approval

test('the queue shows the most dangerous first, and among equals who waits longest', () => {
  const queue = [
    approval('new write', 'write', '2026-01-01T00:00:02Z'),
    approval('new high', 'high', '2026-01-01T00:00:03Z'),
    approval('old write', 'write', '2026-01-01T00:00:01Z'),
    approval('old high', 'high', '2026-01-01T00:00:00Z'),
  ]
  expect(queue.toSorted(byRiskAndAge).map((one) => one.approval_id)).toEqual([
    'old high',
    'new high',
    'old write',
    'new write',
  ])
})

const request = (changes: Partial<ApprovalRequest>) =>
  ({
    requester: 'alice',
    approver: 'administrator',
    persons: 1,
    freshLoginS: null,
    unbound: [],
    ...changes,
  }) as unknown as ApprovalRequest

test('a request is confirmed by its requester only where it says so', () => {
  expect(confirms(request({}), 'alice')).toBe(false)
  expect(confirms(request({ approver: 'requester' }), 'alice')).toBe(true)
  expect(confirms(request({ approver: 'requester' }), 'bob')).toBe(false)
})

test('more than one call is let through only where the manager would grant it', () => {
  expect(grantable(request({}), 'ada')).toBe(true)
  expect(grantable(request({ persons: 2 }), 'ada')).toBe(false)
  expect(grantable(request({ freshLoginS: 600 }), 'ada')).toBe(false)
  expect(grantable(request({ unbound: ['run.sh'] }), 'ada')).toBe(false)
  expect(grantable(request({ approver: 'requester' }), 'alice')).toBe(false)
})
