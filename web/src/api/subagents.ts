/** Sub-agents: sessions that other sessions sent out to reach a goal. */
import { request } from './request'
import type { Trust } from './types'

export type SubagentState = 'starting' | 'working' | 'waiting_approval' | 'over_budget' | 'done' | 'failed' | 'stopped'
export type Subagent = {
  session_id: string
  parent: string
  root: string
  depth: number
  profile: string
  goal: string
  owner: string
  task_id: string | null
  state: SubagentState
  detail: string | null
  model: string
  trust: Trust
  worker_id: string | null
  opened_at: string
  ended_at: string | null
}

const base = '/api/v1/subagents'
const part = encodeURIComponent

/** All below the conversations of a task. */
export const taskAgents = (id: string) => request<Subagent[]>(`${base}?task_id=${part(id)}&limit=200`)
/** All below one session. */
export const sessionAgents = (id: string) => request<Subagent[]>(`${base}?session_id=${part(id)}&limit=200`)
