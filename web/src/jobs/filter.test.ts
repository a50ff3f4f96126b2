import { expect, test } from 'vitest'
import type { Job, JobState } from '../api/types'
import { counted, indexed, matching, runTime, sorted } from './filter'

const states: JobState[] = ['RUNNING', 'QUEUEING', 'HOLDING', 'COMPLETED']
const job = (number: number, change: Partial<Job> = {}): Job => ({
  cluster: 'dev',
  job_id: `${number}.0`,
  owner: `user${number % 40}`,
  name: number % 2 === 0 ? 'Reco' : 'ntuple',
  state: states[number % 4] ?? 'OTHER',
  command: `/bin/run --part ${number}`,
  submitted_at: new Date(1_700_000_000_000 + number * 1000).toISOString(),
  started_at: null,
  ended_at: null,
  node: number % 3 === 0 ? null : `node-${number % 100}`,
  cpus: number % 8,
  memory_mb: 2048,
  memory_peak_mb: null,
  cpu_used_s: null,
  exit_code: null,
  reason: number % 4 === 2 ? 'Peak usage over the memory limit' : null,
  reason_code: null,
  queue: null,
  group: 'physics',
  working_directory: null,
  stdout: null,
  stderr: null,
  operation_id: null,
  ...change,
})
const ids = (jobs: readonly { job: Job }[]) => jobs.map((one) => one.job.job_id)

test('every word of a search must be there, in any case and any field', () => {
  const jobs = indexed([job(1), job(2), job(3)])
  expect(ids(matching(jobs, 'RECO'))).toEqual(['2.0'])
  expect(ids(matching(jobs, 'memory  reco'))).toEqual(['2.0'])
  expect(ids(matching(jobs, 'node-1'))).toEqual(['1.0'])
  expect(matching(jobs, ' ')).toBe(jobs)
})

test('counts are per state', () => {
  expect(counted(indexed([job(1), job(5), job(2)]))).toEqual(
    new Map([
      ['QUEUEING', 2],
      ['HOLDING', 1],
    ]),
  )
})

test('job ids are ordered as numbers, and jobs without a value come last', () => {
  const jobs = indexed([job(0, { job_id: '172.10' }), job(0, { job_id: '172.9' }), job(0, { job_id: '99.0' })])
  expect(ids(sorted(jobs, { column: 'job_id', ascending: true }, 0))).toEqual(['99.0', '172.9', '172.10'])
  const nodes = indexed([job(3), job(1)])
  expect(ids(sorted(nodes, { column: 'node', ascending: true }, 0))).toEqual(['1.0', '3.0'])
})

test('a job runs from its start to its end, or to now', () => {
  const started = '2026-01-01T00:00:00Z'
  const now = Date.parse('2026-01-01T00:01:00Z')
  expect(runTime(job(1, { started_at: started, state: 'RUNNING' }), now)).toBe(60_000)
  expect(runTime(job(1, { started_at: started, state: 'HOLDING' }), now)).toBeNull()
  expect(runTime(job(1, { started_at: started, ended_at: '2026-01-01T00:00:10Z' }), now)).toBe(10_000)
  expect(runTime(job(1), now)).toBeNull()
})

test('a search over 6,000 jobs with sorting takes well under the 250 ms that a key may take', () => {
  const jobs = indexed(Array.from({ length: 6000 }, (_, number) => job(number)))
  const begun = performance.now()
  sorted(matching(jobs, 'reco node'), { column: 'submitted_at', ascending: false }, 0)
  expect(performance.now() - begun).toBeLessThan(250)
})
