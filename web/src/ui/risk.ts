/** Colours of risks and states: the same everywhere. */
import type { AppState } from '../api/apps'
import type { AgentState, JobState, Risk } from '../api/types'
import type { CallViewStatus } from '../chat/view'
import type { Tone } from './Badge.svelte'

export const riskTone: Record<Risk, Tone> = { read: 'plain', write: 'warn', high: 'bad', forbidden: 'bad' }

export const callTone: Record<CallViewStatus, Tone> = {
  proposed: 'plain',
  waiting: 'warn',
  running: 'accent',
  done: 'good',
  failed: 'bad',
  refused: 'bad',
  indeterminate: 'warn',
}

export const agentTone: Record<AgentState, Tone> = {
  submitting: 'plain',
  queued: 'warn',
  starting: 'accent',
  ready: 'good',
  lost: 'bad',
  gone: 'plain',
}

export const appTone: Record<AppState, Tone> = {
  submitting: 'plain',
  queued: 'warn',
  starting: 'accent',
  ready: 'good',
  ended: 'plain',
  failed: 'bad',
  timed_out: 'bad',
}

export const jobTone: Record<JobState, Tone> = {
  SUBMITTING: 'plain',
  QUEUEING: 'warn',
  RUNNING: 'accent',
  COMPLETED: 'good',
  HOLDING: 'bad',
  SUSPENDED: 'warn',
  FAILED: 'bad',
  CANCELLED: 'plain',
  TIMEOUT: 'bad',
  OUT_OF_MEMORY: 'bad',
  OTHER: 'plain',
}
