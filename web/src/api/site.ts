/** How the site stands: clusters, nodes, file systems, and the incidents that are open. */
import { allPages } from './pages'
import { request } from './request'
import type { Json } from './types'

const site = '/api/v1/site'
const base = '/api/v1/incidents'
const part = encodeURIComponent

export type IncidentState = 'open' | 'resolved' | 'closed' | 'merged'
export type IncidentRow = {
  incident_id: string
  kind: string
  state: IncidentState
  title: string
  subject: string
  cluster: string | null
  severe: boolean
  flapping: boolean
  text: string
  opened_at: string
  changed_at: string
  resolved_at: string | null
  job_count: number
}
export type Incident = IncidentRow & {
  users: number
  owners: string[]
  jobs: string[]
  evidence: string[]
  course: { what: string; at: string; text: string; by: string | null; call_id: string | null }[]
  closed_at: string | null
  closed_by: string | null
  cause: string | null
  helped: string | null
  like: { incident_id: string; title: string; closed_at: string | null; cause: string; helped: string }[]
}
export type Proposal = { name: string; tool: string; arguments: Record<string, Json>; why: string }
export type Diagnosis = {
  incident: Incident
  facts: { id: string; text: string; source: string; age_s: number; why: string }[]
  proposals: Proposal[]
}

export type NodeCondition = 'works' | 'maintenance' | 'down'
export type ClusterState = {
  cluster: string
  scheduler: string | null
  age_s: number | null
  problem: string | null
  nodes: Partial<Record<NodeCondition, number>>
  cpus: number
  cpus_used: number
  load: number | null
  jobs: Record<string, number>
  schedds: { schedd: string; problem: string | null }[]
  unseen: string | null
  open_incidents: number
}
export type SiteHealth = {
  observed_at: string
  status: 'ok' | 'degraded' | 'down'
  clusters: ClusterState[]
  file_systems: { file_system: string; used: number | null; problem: string | null }[]
  joblens: { enabled: boolean; hosts: number; heard_at: string | null }
}
export type NodeTile = {
  node: string
  condition: NodeCondition
  state: string
  reason: string | null
  cpus: number
  cpus_used: number
  memory_mb: number
  jobs: number
  incidents: string[]
  partitions: string[]
}
export type Origin = 'model' | 'user' | 'rest' | 'mcp' | 'harness'
export type ClusterChange = {
  call_id: string
  time: string
  session_id: string | null
  tool: string
  risk: string
  origin: Origin
  user: string
  rule: string
  targets: number
  jobs: string[]
  verdict: string
  decided_by: string
  outcome: string
  detail: string
}
export type ClusterChanges = { changes: ClusterChange[]; whole: boolean; everybody: boolean }

export const siteHealth = () => request<SiteHealth>(`${site}/health`)
export const nodeMap = (cluster: string) =>
  allPages(
    `${site}/clusters/${part(cluster)}/nodes?limit=5000`,
    (page: { nodes: NodeTile[]; next_cursor: string | null }) => page.nodes,
  )
export const incidents = () => request<{ incidents: IncidentRow[]; total: number }>(`${base}?limit=100`)
export const diagnosis = (id: string) => request<Diagnosis>(`${base}/${part(id)}/diagnosis`)
/** What became of the call: it may wait for an approval. */
export const act = (id: string, proposal: string) =>
  request<{ status: string; call_id: string }>(`${base}/${part(id)}/act`, { method: 'POST', body: { proposal } })
export const closeIncident = (id: string, body: { cause: string; helped: string }) =>
  request<Incident>(`${base}/${part(id)}/close`, { method: 'POST', body })
export const clusterChanges = (cluster: string, byHand: boolean) =>
  request<ClusterChanges>(`${site}/clusters/${part(cluster)}/changes?days=30&by_hand=${byHand}`)
