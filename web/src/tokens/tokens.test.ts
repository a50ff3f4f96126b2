import { expect, test } from 'vitest'
import type { Token } from '../api/types'
import { limits, living, offered, seconds } from './tokens'

const token = (id: string, expires_at: string): Token => ({
  id,
  name: id,
  scopes: [],
  created_at: '2026-01-01T00:00:00Z',
  expires_at,
  last_used_at: null,
  jobs: null,
  jobs_used: 0,
  requests_per_minute: null,
})

test('a token that has expired is not shown', () => {
  const tokens = [token('a', '2026-01-02T00:00:00Z'), token('b', '2026-01-04T00:00:00Z')]
  expect(living(tokens, Date.parse('2026-01-03T00:00:00Z')).map((one) => one.id)).toEqual(['b'])
})

test('what only administrators may comes last', () => {
  expect(offered(['admin', 'jobs:read', 'approvals:decide', 'agent:use', 'audit:read'])).toEqual([
    'agent:use',
    'jobs:read',
    'admin',
    'approvals:decide',
    'audit:read',
  ])
})

test('an empty limit is none, and a number of jobs counts only for a token that submits', () => {
  expect(limits(['jobs:submit'], 5, null)).toEqual({ jobs: 5, requests_per_minute: null })
  expect(limits(['jobs:read'], 5, 60)).toEqual({ jobs: null, requests_per_minute: 60 })
})

test('a lifetime is told to the server in seconds', () => {
  expect(seconds(7)).toBe(604_800)
})
