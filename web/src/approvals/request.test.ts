import { expect, test } from 'vitest'
import type { Approval, Risk } from '../api/types'
import { byRiskAndAge } from './request'

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
