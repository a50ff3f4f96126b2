/** Interactive apps as jobs, and the pages that plugins bring. */
import { request } from './request'

const base = '/api/v1'

/** A text in the languages of the page. */
export type Words = { en: string; zh: string }
export type Bounds = { default: number; least: number; most: number }
export type ResourceName = 'cpus' | 'memory_mb' | 'wall_time_s' | 'gpus'
export type AppInput = { name: string; title: Words; kind: 'path'; default: string }
export type App = {
  name: string
  title: Words
  description: Words
  resources: Record<ResourceName, Bounds>
  inputs: AppInput[]
}
export type Catalogue = { apps: App[]; broken: Record<string, string> }

export type AppState = 'submitting' | 'queued' | 'starting' | 'ready' | 'ended' | 'failed' | 'timed_out'
/** `url` is where it is opened: null before it is ready, and where a site has no address for apps. */
export type AppSession = {
  session_id: string
  app: string
  cluster: string
  job_id: string | null
  state: AppState
  reason: string | null
  estimate_s: number | null
  node: string | null
  url: string | null
  cpus: number
  memory_mb: number
  gpus: number
  launched_at: string
  ends_at: string | null
}
export type Launch = {
  app: string
  cluster: string
  queue?: string
  group?: string
  qos?: string
  inputs: Record<string, string>
} & Partial<Record<ResourceName, number>>

export const apps = () => request<Catalogue>(`${base}/apps`)
export const appSessions = () => request<AppSession[]>(`${base}/app-sessions`)
/** With the same key it is the same launch, however often it is sent. */
export const launchApp = (launch: Launch, key: string) =>
  request<AppSession>(`${base}/app-sessions`, { method: 'POST', body: launch, headers: { 'idempotency-key': key } })
export const stopApp = (id: string) =>
  request<AppSession>(`${base}/app-sessions/${encodeURIComponent(id)}`, { method: 'DELETE' })
export const appLog = (id: string) => request<{ text: string }>(`${base}/app-sessions/${encodeURIComponent(id)}/log`)

export type PluginPage = { plugin: string; title: string; description: string; url: string }
export const pluginPages = () => request<PluginPage[]>(`${base}/plugins/pages`)
