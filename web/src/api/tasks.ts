/** Tasks: one piece of work of several people, its conversations, agents, budget and memory. */
import type { Standing } from './knowledge'
import { request } from './request'
import type { Confidentiality, Session } from './types'
import type { Account, Limits } from './usage'

const base = '/api/v1/tasks'
const part = encodeURIComponent

export type Role = 'owner' | 'steer' | 'watch'
export type Member = { username: string; role: Role; since: string }
/** `role` is one's own; `confidentiality` is the highest that one of its conversations has seen. */
export type Task = {
  task_id: string
  title: string
  owner: string
  created_at: string
  workspace: string
  role: Role
  members: Member[]
  budget: Partial<Limits>
  confidentiality: Confidentiality
}
/** `trusted`: a person has accepted it; until then it is told as words of others. */
export type Memory = {
  contribution_id: string
  title: string
  text: string
  author: string
  at: string
  session_id: string | null
  standing: Standing
  trusted: boolean
}
export const tasks = () => request<Task[]>(base)
export const createTask = (title: string, workspace: string) =>
  request<Task>(base, { method: 'POST', body: workspace === '' ? { title } : { title, workspace } })
export const closeTask = (id: string) => request<void>(`${base}/${part(id)}`, { method: 'DELETE' })
/** `shows`: the level of data that the new member will see, once that was said and confirmed. */
export const admit = (id: string, username: string, role: Role, shows?: Confidentiality) =>
  request<Task>(`${base}/${part(id)}/members/${part(username)}`, { method: 'PUT', body: { role, shows } })
export const dismiss = (id: string, username: string) =>
  request<void>(`${base}/${part(id)}/members/${part(username)}`, { method: 'DELETE' })
export const changeTaskBudget = (id: string, limits: Limits) =>
  request<Task>(`${base}/${part(id)}/budget`, { method: 'PUT', body: limits })
export const taskBudget = (id: string) => request<Account>(`/api/v1/usage/tasks/${part(id)}`)
export const taskSessions = (id: string) => request<Session[]>(`${base}/${part(id)}/sessions`)
export const shareSession = (id: string, sessionId: string, shows?: Confidentiality) =>
  request<Session>(`${base}/${part(id)}/sessions/${part(sessionId)}`, { method: 'PUT', body: { shows } })
export const taskMemory = (id: string) => request<{ memories: Memory[] }>(`${base}/${part(id)}/memory`)
