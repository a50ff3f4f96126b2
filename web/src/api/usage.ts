/** What models, tool calls and jobs have cost, and the budgets above them. */
import { request } from './request'

export const MEASURES = ['tokens', 'money', 'calls', 'wall_s', 'cpu_hours'] as const
export type Measure = (typeof MEASURES)[number]
export type Amounts = Record<Measure, number>
/** Null for no limit. */
export type Limits = Record<Measure, number | null>
/** Of the site, of a user's month, of a task or of a session. */
export type Account = { account: string; limits: Limits; spent: Amounts; reserved: Amounts; left: Limits }

export type UsageBy = 'model' | 'session' | 'agent' | 'task' | 'user'
export type UsageLine = {
  name: string
  replies: number
  prompt_tokens: number
  completion_tokens: number
  money: number
  calls: number
  wall_s: number
  cpu_hours: number
}
export type UsageReport = { since: string; by: UsageBy; lines: UsageLine[] }

const base = '/api/v1/usage'
const part = encodeURIComponent

export const usage = (by: UsageBy, days: number, everybody: boolean) =>
  request<UsageReport>(`${base}?by=${by}&days=${days}&everybody=${everybody}&limit=200`)
export const monthBudget = () => request<Account>(`${base}/budget`)
export const budgetOf = (username: string) => request<Account>(`${base}/budgets/${part(username)}`)
export const changeUserBudget = (username: string, limits: Limits) =>
  request<Account>(`${base}/budgets/${part(username)}`, { method: 'PUT', body: limits })
/** `left` is the least of all budgets above the session. */
export const sessionBudgets = (id: string) =>
  request<{ session_id: string; left: Limits; budgets: Account[] }>(`${base}/sessions/${part(id)}`)
