/** What can be done to a job, and the tool that does it. */
import type { JobState } from '../api/types'

export type JobAction = 'hold' | 'release' | 'remove'

export const toolOf: Record<JobAction, string> = {
  hold: 'hold_jobs',
  release: 'release_jobs',
  remove: 'remove_jobs',
}

const byState: Partial<Record<JobState, JobAction[]>> = {
  SUBMITTING: ['hold', 'remove'],
  QUEUEING: ['hold', 'remove'],
  RUNNING: ['hold', 'remove'],
  HOLDING: ['release', 'remove'],
  SUSPENDED: ['remove'],
}

export const actionsFor = (state: JobState): JobAction[] => byState[state] ?? []
