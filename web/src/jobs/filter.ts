/** Filtering and sorting of jobs. Pure, and fast enough for every key that is pressed over many thousand jobs. */
import type { Job, JobState } from '../api/types'

export type Column =
  | 'job_id'
  | 'schedd'
  | 'name'
  | 'owner'
  | 'state'
  | 'submitted_at'
  | 'time'
  | 'node'
  | 'cpus'
  | 'memory_mb'
export type Order = { column: Column; ascending: boolean }
export type Indexed = { job: Job; text: string; ended: boolean }

/** Each job with the text that a search looks at; made once per answer of the server. */
export function indexed(jobs: readonly Job[]): Indexed[] {
  return jobs.map((job) => ({
    job,
    text: [job.job_id, job.name, job.owner, job.node, job.command, job.reason, job.queue, job.group]
      .filter((value) => value !== null)
      .join('\n')
      .toLowerCase(),
    ended: job.ended_at !== null,
  }))
}

/** Jobs that hold every word of `search`. */
export function matching(jobs: readonly Indexed[], search: string): readonly Indexed[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return words.length === 0 ? jobs : jobs.filter(({ text }) => words.every((word) => text.includes(word)))
}

export function counted(jobs: readonly Indexed[]): Map<JobState, number> {
  const counts = new Map<JobState, number>()
  for (const { job } of jobs) counts.set(job.state, (counts.get(job.state) ?? 0) + 1)
  return counts
}

export function sorted(jobs: readonly Indexed[], order: Order, now: number): Indexed[] {
  const keys = new Map(jobs.map((one) => [one, keyOf(one.job, order.column, now)]))
  const sign = order.ascending ? 1 : -1
  return jobs.toSorted((a, b) => sign * compare(keys.get(a) ?? null, keys.get(b) ?? null))
}

/** How long a job ran, or runs by now, in ms; null while it does not run. */
export function runTime(job: Job, now: number): number | null {
  if (job.started_at === null) return null
  if (job.ended_at !== null) return Date.parse(job.ended_at) - Date.parse(job.started_at)
  return job.state === 'RUNNING' ? now - Date.parse(job.started_at) : null
}

function keyOf(job: Job, column: Column, now: number): string | number | null {
  if (column === 'time') return runTime(job, now)
  if (column === 'job_id') return idKey(job.job_id)
  if (column === 'schedd') return scheddOf(job.job_id)
  return job[column]
}

/** Of a pool of several schedds all but the first one name themselves in their ids: `172.0@second`. */
export function scheddOf(id: string): string | null {
  return id.includes('@') ? id.slice(id.indexOf('@') + 1) : null
}

/** `172.10` comes after `172.9`. */
function idKey(id: string): string | number {
  const numbers = /^(\d+)(?:[._](\d+))?(?:@.*)?$/.exec(id)
  return numbers ? Number(numbers[1]) * 1e6 + Number(numbers[2] ?? 0) : id
}

function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return a < b ? -1 : Number(a > b)
}
