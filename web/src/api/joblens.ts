/** What JobLens measured of jobs (docs/reference/joblens-http.md). Times are seconds since the epoch, sizes bytes. */
import { request } from './request'

const base = '/api/v1/joblens'
const part = encodeURIComponent

export type LensState = 'running' | 'ended' | 'lost'
export type Statistic = { avg: number; max: number; p99: number }
export type LensKey = { cluster: string; jobId: string }

export type LensRow = {
  cluster: string
  job: string
  user: string
  name: string
  scheduler: string
  /** The first of `host_count`. */
  hosts: string[]
  host_count: number
  state: LensState
  first_seen: number
  last_seen: number
  cpus: number | null
  memory_bytes: number | null
  cpu_percent: Statistic
  rss_peak_bytes: number
  read_bytes: number
  write_bytes: number
  net_bytes: number
  cpu_efficiency: number | null
  memory_efficiency: number | null
}
export type LensJob = LensRow & {
  samples: number
  collectors: string[]
  gpu_percent: Statistic | null
  energy_j: number | null
  totals: { cpu_wait_ms: number; io_wait_ms: number }
  max_processes: number
  max_threads: number
  gaps: number
}
/** `idle` and `held` stand in the queue; the others were measured. */
export type LensCounts = { total: number; running: number; idle: number; held: number; other: number }
export type LensPage = { jobs: LensRow[]; counts: LensCounts; next_cursor: string | null }

export type Point = { time: number; min: number; avg: number; max: number; samples: number }
export type Series = { metric: string; unit: string; points: Point[] }
export type TimeSeries = { start: number; end: number; series: Series[] }
export type SeriesQuery = { metrics: readonly string[]; start?: number; end?: number; points?: number }

export type MarkKind = 'start' | 'end' | 'gap' | 'capture' | 'warning' | 'hold' | 'evict' | 'checkpoint'
export type Mark = { time: number; kind: MarkKind; text: string }
export type LensFile = {
  path: string
  mount: string
  fs_type: string
  traffic: 'file' | 'network' | 'unattributed'
  read_bytes: number
  read_ops: number
  write_bytes: number
  write_ops: number
}

export type Finding = {
  cause: string
  sentence: string
  evidence: Record<string, number | string>
  change: { htcondor: string[]; slurm: string[] }
  saving: { core_hours: number; memory_gb_hours: number; gpu_hours: number }
}
export type Verdict = Finding & { confidence: number; also: Finding[]; unseen: string[] }

/** `ratio` is second ÷ first; null where the first is 0. */
export type Compared = { figure: string; unit: string; first: number; second: number; ratio: number | null }
export type Comparison = { first: LensRow; second: LensRow; figures: Compared[] }

export type Capture = {
  capture_id: string
  begun: number
  until: number
  interval_s: number
  details: string[]
  by: string
  reason: string
  ended: number | null
}
export type LensProcess = {
  host: string
  pid: number
  ppid: number
  name: string
  utime_ns: number
  stime_ns: number
  rss_bytes: number
  threads: number
  rchar: number
  wchar: number
}
export type LensConnection = {
  host: string
  pid: number
  proto: string
  state: string
  local_addr: string
  local_port: number
  peer_addr: string
  peer_port: number
  sent: number
  received: number
  rtt_us: number
  retransmits: number
}
/** Calls, the outermost first, in which processes of one name were seen on a processor. */
export type Stack = { process: string; frames: string[]; samples: number; cpu_ns: number }
export type RawRecord = { host: string; time: number; collector: string; data: Record<string, unknown> }
export type RawPage = { records: RawRecord[]; next_cursor: string | null }

type Parameters = Record<string, string | number | readonly string[] | null | undefined>

export const lensJobs = (query: Parameters, signal?: AbortSignal) =>
  request<LensPage>(`${base}/jobs?${search(query)}`, { signal })
export const lensNodeGroups = () => request<string[]>(`${base}/node-groups`)
export const lensJob = (key: LensKey) => request<LensJob>(at(key))
export const lensFiles = (key: LensKey, limit: number) => request<LensFile[]>(`${at(key)}/files?limit=${limit}`)
export const lensMarks = (key: LensKey) => request<Mark[]>(`${at(key)}/marks`)
export const lensVerdict = (key: LensKey) => request<Verdict>(`${at(key)}/verdict`)
export const lensProcesses = (key: LensKey) => request<LensProcess[]>(`${at(key)}/processes`)
export const lensConnections = (key: LensKey) => request<LensConnection[]>(`${at(key)}/connections`)
export const lensStacks = (key: LensKey, limit: number) => request<Stack[]>(`${at(key)}/stacks?limit=${limit}`)
export const lensCaptures = (key: LensKey) => request<Capture[]>(`${at(key)}/captures`)
export const lensSeries = (key: LensKey, { metrics, ...rest }: SeriesQuery, signal?: AbortSignal) =>
  request<TimeSeries>(`${at(key)}/series?${search({ metric: metrics, ...rest })}`, { signal })
export const lensRecords = (key: LensKey, query: Parameters, signal?: AbortSignal) =>
  request<RawPage>(`${at(key)}/records?${search(query)}`, { signal })
export const lensComparison = (first: LensKey, second: LensKey) =>
  request<Comparison>(
    `${base}/compare?${search({ cluster: first.cluster, job: first.jobId, other: second.jobId, other_cluster: second.cluster })}`,
  )

const at = (key: LensKey) => `${base}/jobs/${part(key.cluster)}/${part(key.jobId)}`

function search(query: Parameters): URLSearchParams {
  const filled = Object.entries(query).flatMap(([name, value]) =>
    value === null || value === undefined || value === ''
      ? []
      : (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  )
  return new URLSearchParams(filled)
}
