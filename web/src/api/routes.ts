/** One function per route of the interface. */
import { allPages } from './pages'
import { request } from './request'
import type {
  Agent,
  Approval,
  AuthorizationRequest,
  DeviceRequest,
  Explanation,
  Grant,
  GrantRequest,
  Job,
  JobOutput,
  JobPage,
  Lock,
  LockKind,
  Me,
  ModelDetails,
  OutputStream,
  Provider,
  Quote,
  Session,
  Token,
  TokenLimits,
} from './types'
import type { Limits } from './usage'

const base = '/api/v1'
const part = encodeURIComponent

export const signIn = (username: string, password: string) =>
  request<Me>(`${base}/auth/login`, { method: 'POST', body: { username, password } })
export const signOut = () => request<void>(`${base}/auth/logout`, { method: 'POST' })
export const me = () => request<Me>(`${base}/me`)

/** Who else vouches for people: each has a "Sign in with …" of its own. */
export const providers = () => request<Provider[]>(`${base}/auth/providers`)

/** What a program waits for that shows this code to its user. */
export const deviceRequest = (code: string) => request<DeviceRequest>(`${base}/device-requests/${part(code)}`)
export const decideDevice = (code: string, verdict: 'approve' | 'deny') =>
  request<void>(`${base}/device-requests/${part(code)}`, { method: 'POST', body: { verdict } })

/** What a program asks for that signs people in here; the answer to a decision is where the browser goes. */
export const authorizationRequest = (id: string) =>
  request<AuthorizationRequest>(`${base}/authorization-requests/${part(id)}`)
export const decideAuthorization = (id: string, verdict: 'approve' | 'deny') =>
  request<{ url: string }>(`${base}/authorization-requests/${part(id)}`, { method: 'POST', body: { verdict } })

export const tokens = () => request<Token[]>(`${base}/tokens`)
export const createToken = (name: string, scopes: string[], lifetimeS: number, limits: TokenLimits) =>
  request<{ id: string; token: string }>(`${base}/tokens`, {
    method: 'POST',
    body: { name, scopes, lifetime_s: lifetimeS, ...limits },
  })
export const revokeToken = (id: string) => request<void>(`${base}/tokens/${part(id)}`, { method: 'DELETE' })

export type JobQuery = { cluster?: string; owner?: string; cursor?: string; limit?: number }
export function jobs(query: JobQuery, signal?: AbortSignal): Promise<JobPage> {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) parameters.set(key, String(value))
  return request<JobPage>(`${base}/jobs?${parameters}`, { signal })
}
export const job = (cluster: string, jobId: string) => request<Job>(`${base}/jobs/${part(cluster)}/${part(jobId)}`)
export const explanation = (cluster: string, jobId: string, signal?: AbortSignal) =>
  request<Explanation>(`${base}/jobs/${part(cluster)}/${part(jobId)}/explanation`, { signal })

/** As much of the end of what a job wrote as one looks at. */
const OUTPUT_TAIL_BYTES = 32 * 1024
export const jobOutput = (cluster: string, jobId: string, stream: OutputStream) =>
  request<JobOutput>(
    `${base}/jobs/${part(cluster)}/${part(jobId)}/output?stream=${stream}&offset=-${OUTPUT_TAIL_BYTES}`,
  )

export const models = () => request<ModelDetails[]>(`${base}/models`)

export const agents = () =>
  allPages(`${base}/agents?limit=1000`, (page: { agents: Agent[]; next_cursor: string | null }) => page.agents)

export const sessions = () => request<Session[]>(`${base}/sessions`)
export const createSession = (body: { title?: string; worker_id?: string; task_id?: string }) =>
  request<Session>(`${base}/sessions`, { method: 'POST', body })
export const session = (id: string) => request<Session>(`${base}/sessions/${part(id)}`)
export const changeSession = (id: string, body: { title?: string; worker_id?: string; model?: string }) =>
  request<Session>(`${base}/sessions/${part(id)}`, { method: 'PATCH', body })
export const sendMessage = (id: string, text: string, quotes: Quote[]) =>
  request<{ seq: number }>(`${base}/sessions/${part(id)}/messages`, { method: 'POST', body: { text, quotes } })
/** Whether the agent of this session may read a terminal of one's own worker. */
export const letReadTerminal = (id: string, workerId: string, terminalId: string, on: boolean) =>
  request<Session>(`${base}/sessions/${part(id)}/terminals/${part(workerId)}/${part(terminalId)}`, {
    method: 'PUT',
    body: { on },
  })
/** Ask again from before a turn: with other words, or (null) with one's own of that turn. */
export const branchSession = (id: string, turn: number, text: string | null) =>
  request<{ seq: number }>(`${base}/sessions/${part(id)}/branches`, { method: 'POST', body: { turn, text } })
/** Go on after this turn, on whatever way it is. */
export const changePath = (id: string, turn: number) =>
  request<Session>(`${base}/sessions/${part(id)}/path`, { method: 'PUT', body: { turn } })
/** In plan mode the agent may only read. */
export const setPlanMode = (id: string, on: boolean) =>
  request<Session>(`${base}/sessions/${part(id)}/plan-mode`, { method: 'PUT', body: { on } })
/** Under review, edits of the agent wait for its user's word. */
export const setEditReview = (id: string, on: boolean) =>
  request<Session>(`${base}/sessions/${part(id)}/edit-review`, { method: 'PUT', body: { on } })
export const stopTurn = (id: string) => request<unknown>(`${base}/sessions/${part(id)}/stop`, { method: 'POST' })
/** All limits of the session's own. */
export const changeBudget = (id: string, body: Limits) =>
  request<Session>(`${base}/sessions/${part(id)}/budget`, { method: 'PUT', body })
export const streamPath = (id: string, after: number) => `${base}/sessions/${part(id)}/stream?after=${after}`

export const approvals = (state: 'pending' | 'all') => request<Approval[]>(`${base}/approvals?state=${state}`)
export const decide = (
  approval: { approval_id: string; digest: string },
  verdict: 'approve' | 'reject',
  reason: string,
  grant?: GrantRequest,
) =>
  request<Approval>(`${base}/approvals/${part(approval.approval_id)}`, {
    method: 'POST',
    body: { verdict, reason, digest: approval.digest, grant },
  })

export const grants = () => request<Grant[]>(`${base}/grants`)
export const revokeGrant = (id: string) =>
  request<void>(`${base}/grants/${part(id)}/revoke`, { method: 'POST', body: { reason: '' } })

export const locks = () => request<Lock[]>(`${base}/locks`)
export const lock = (kind: LockKind, name: string, reason: string) =>
  request<Lock>(`${base}/locks`, { method: 'POST', body: { kind, name, reason } })
export const liftLock = (one: Lock, reason: string) =>
  request<void>(`${base}/locks/${one.kind}/${part(one.name)}/lift`, { method: 'POST', body: { reason } })

export function terminalUrl(workerId: string, terminalId: string, offset: number): string {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  return `${scheme}://${location.host}${base}/terminals/${part(workerId)}/${part(terminalId)}?offset=${offset}`
}
