/** The rules by which the gate decides: what is in force, whether a text is valid, and what it would have decided. */
import { request } from './request'

const base = '/api/v1/admin/policy'

export type PolicyInForce = {
  version: string
  source: string
  rules: number
  since: string
  problem: string | null
  owned_by_file: boolean
  text: string
}
export type PolicyProblem = { line: number; column: number; path: string; message: string }
export type PolicyCheck = { version: string | null; rules: number; problems: PolicyProblem[]; warnings: string[] }
export type Treatment = { effect: Effect; rule: string; approver: string; persons: number }
export type Effect = 'allow' | 'ask' | 'throttle' | 'deny'
export type DryRun = {
  since: string
  calls: number
  whole: boolean
  uncertain: number
  skipped: number
  changed: number
  counts: { was: Effect; now: Effect; calls: number }[]
  differences: { call_id: string; time: string; user: string; tool: string; was: Treatment; now: Treatment }[]
}
export type PolicyVersion = {
  seq: number
  version: string
  source: string
  at: string
  rules: number
  written_here: boolean
  by: string
  reason: string
}

export const policy = () => request<PolicyInForce>(base)
export const checkPolicy = (text: string) => request<PolicyCheck>(`${base}/check`, { method: 'POST', body: { text } })
export const tryPolicy = (text: string, days: number) =>
  request<DryRun>(`${base}/dry-run`, { method: 'POST', body: { text, days } })
export const applyPolicy = (body: { text: string; replaces: string; reason: string }) =>
  request<{ version: string }>(base, { method: 'PUT', body })
export const policyVersions = (cursor: string | null) =>
  request<{ versions: PolicyVersion[]; next_cursor: string | null }>(
    `${base}/versions?limit=20${cursor === null ? '' : `&cursor=${cursor}`}`,
  )
export const policyVersion = (seq: number) => request<PolicyVersion & { text: string }>(`${base}/versions/${seq}`)
