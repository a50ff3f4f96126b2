/** DAGs: jobs of which some begin only when others have ended well. Their jobs are acted on like any others. */
import { request } from './request'
import type { JobState } from './types'

const base = '/api/v1/dags'

/** `parents` are the nodes that this one waits for, as far as they are known; `job_ids` is empty where it has none yet. */
export type DagNode = { name: string; state: JobState; job_ids: string[]; reason: string | null; parents: string[] }
export type Dag = {
  cluster: string
  dag: string
  owner: string
  state: JobState
  submitted_at: string | null
  ended_at: string | null
  manager: string | null
  counts: Partial<Record<JobState, number>>
  nodes: DagNode[]
}

/** The newest hundred of one's own. */
export const dags = (cluster: string) => request<Dag[]>(`${base}?${new URLSearchParams({ cluster })}`)
export const dag = (cluster: string, id: string) =>
  request<Dag>(`${base}/${encodeURIComponent(cluster)}/${encodeURIComponent(id)}`)
