/** Models and rules of JobLens as administrators see and switch them. */
import { request } from './request'
import type { Json, ModelDetails } from './types'

const base = '/api/v1/admin'

export type SwitchState = 'on' | 'dry_run' | 'off'
export type SwitchKind = 'model' | 'lens_rule'
export type Switched = { to: SwitchState; reason: string; by: string; at: string }

export type ManagedModel = ModelDetails & {
  endpoint: string | null
  model: string | null
  state: 'ready' | 'failing' | 'resting' | 'off'
  failures: number
  resting_s: number
  switched: Switched | null
}
export type ManagedRule = {
  name: string
  text: string
  state: SwitchState
  switched: Switched | null
  steps: string[]
  written: Record<string, Json>
}
export type ManagedRules = {
  source: string
  file_text: string
  dry_run: boolean
  act_as: string | null
  rules: ManagedRule[]
}
export type RuleCheck = { rules: number; problems: string[] }
export type Backtested = {
  jobs: number
  more: boolean
  captures: number
  warnings: number
  actions: number
  left_out: number
  fired: Record<string, number>
  first: {
    cluster: string
    job: string
    rule: string
    step: RuleStep
    time: number
    evidence: Record<string, number>
  }[]
}
export type RuleStep = 'capture' | 'warn' | 'act' | 'left_out'

export const managedModels = () => request<ManagedModel[]>(`${base}/models`)
export const managedRules = () => request<ManagedRules>(`${base}/rules`)
export const checkRules = (text: string) =>
  request<RuleCheck>(`${base}/rules/check`, { method: 'POST', body: { text } })
export const backtestRules = (text: string, days: number) =>
  request<Backtested>(`${base}/rules/backtest`, { method: 'POST', body: { text, days } })
export const setSwitch = (kind: SwitchKind, name: string, to: SwitchState, reason: string) =>
  request<Switched>(`${base}/switches`, { method: 'PUT', body: { kind, name, to, reason } })
