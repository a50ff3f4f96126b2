/** What people add to what the system knows, corrections of an agent's steps, and what came of them. */
import { request } from './request'

const base = '/api/v1/knowledge'
const part = encodeURIComponent

export type ContributionKind = 'fact' | 'document' | 'runbook' | 'skill' | 'correction' | 'finding' | 'decision'
export type Contributed = Extract<ContributionKind, 'fact' | 'document' | 'runbook' | 'skill'>
export type Standing = 'private' | 'pending' | 'accepted' | 'rejected' | 'withdrawn' | 'erased'
export type Outcome = 'open' | 'rejected' | 'failed' | 'stopped' | 'approved' | 'done' | 'answered' | 'corrected'

export type ContributionRow = {
  contribution_id: string
  kind: ContributionKind
  title: string
  owner: string
  author: string
  version: number
  standing: Standing
  in_force: number | null
  written_at: string
  reviewer: string
  reason: string
  characters: number
}
export type Step = {
  session_id: string
  turn: number
  call_id: string
  tool: string
  entities: string[]
  error: string
}
export type Version = {
  version: number
  author: string
  written_at: string
  title: string
  text: string
  about: string[]
  standing: Standing
  reviewer: string
  reason: string
}
export type Contribution = ContributionRow & { node: string; step: Step | null; versions: Version[] }
export type Correction = ContributionRow & {
  step: Step
  wrong: string
  right: string
  recalled: number
  last_recalled_at: string | null
  outcomes: Partial<Record<Outcome, number>>
  promoted_to: string[]
}
export type Recall = { session_id: string; turn: number; seq: number; at: string; outcome: Outcome }
export type NewContribution = { kind: Contributed; title: string; text: string; about: string[]; promotes?: string }

export const contributions = (query: Record<string, string>) =>
  request<{ contributions: ContributionRow[]; next_cursor: string | null; waiting: number }>(
    `${base}/contributions?${new URLSearchParams({ limit: '100', ...query })}`,
  )
export const contribution = (id: string) => request<Contribution>(`${base}/contributions/${part(id)}`)
export const contribute = (body: NewContribution) =>
  request<Contribution>(`${base}/contributions`, { method: 'POST', body })
export const correctStep = (body: {
  session_id: string
  call_id: string
  wrong: string
  right: string
  share: boolean
}) => request<Contribution>(`${base}/corrections`, { method: 'POST', body })
export const review = (id: string, body: { version: number; verdict: 'accepted' | 'rejected'; reason: string }) =>
  request<Contribution>(`${base}/contributions/${part(id)}/review`, { method: 'POST', body })
export const withdraw = (id: string) =>
  request<Contribution>(`${base}/contributions/${part(id)}/withdraw`, { method: 'POST', body: {} })
export const corrections = () => request<{ corrections: Correction[] }>(`${base}/corrections?limit=100`)
export const recalls = (id: string) =>
  request<{ recalls: Recall[]; others: number }>(`${base}/contributions/${part(id)}/recalls?limit=50`)
