import { expect, test } from 'vitest'
import { formatRoute, parseRoute, type Route } from './route'

const routes: Route[] = [
  { page: 'portal' },
  { page: 'agent', sessionId: null },
  { page: 'agent', sessionId: 's-1/2' },
  { page: 'jobs', job: null, query: {} },
  { page: 'jobs', job: null, query: { state: 'HOLDING', owner: 'all' } },
  { page: 'dags', dag: null, cluster: 'dev' },
  { page: 'dags', dag: { cluster: 'dev', id: '7@second' }, cluster: 'dev' },
  { page: 'jobs', job: { cluster: 'dev', jobId: '172.0' }, query: { q: 'a b&c' } },
  { page: 'joblens', job: null, query: { state: 'running' } },
  { page: 'joblens', job: { cluster: 'dev', jobId: '172.0' }, query: { from: '1764100000.0', to: '1764100100.0' } },
  { page: 'approvals', query: {} },
  { page: 'files', query: { path: 'a b/c&d', sort: 'size' } },
  { page: 'audit', view: 'calls', id: null, query: { actor: 'bob', kind: '*' } },
  { page: 'audit', view: 'calls', id: 'c-1/2', query: { q: 'rm' } },
  { page: 'audit', view: 'sessions', id: null, query: {} },
  { page: 'audit', view: 'terminals', id: 't-1', query: {} },
  { page: 'cluster', cluster: '', incident: null },
  { page: 'cluster', cluster: 'dev', incident: 'i-1' },
  { page: 'knowledge', view: 'library', id: null },
  { page: 'knowledge', view: 'corrections', id: 'c/1' },
  { page: 'tasks', task: null },
  { page: 'tasks', task: 't-1/2' },
  { page: 'usage', query: { by: 'model', days: '7' } },
  { page: 'tokens' },
  { page: 'foreign' },
  { page: 'admin', view: 'users', name: null },
  { page: 'admin', view: 'users', name: 'alice' },
  { page: 'admin', view: 'tokens', name: null },
  { page: 'device', code: '' },
  { page: 'device', code: 'WDJB-MJHT' },
  { page: 'consent', request: 'r-1&2', problem: '' },
  { page: 'consent', request: '', problem: 'unknown_redirect' },
]

test.each(routes)('$page survives its address', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route)
})

test('an empty address is the portal', () => {
  expect(parseRoute('')).toEqual({ page: 'portal' })
  expect(parseRoute('#/')).toEqual({ page: 'portal' })
})

test.each(['#/nowhere', '#/jobs/dev', '#/joblens/dev', '#/agent/a/b', '#/approvals/1/2', '#/audit/other'])(
  '%s is no page',
  (hash) => {
    expect(parseRoute(hash).page).toBe('unknown')
  },
)

test('a broken escape does not break the page', () => {
  expect(parseRoute('#/agent/%E0%A4%A')).toEqual({ page: 'agent', sessionId: '%E0%A4%A' })
})
