/**
 * Values of the HTTP interface, as docs/reference/http-api.md tells them. Written by hand for now; to be generated from the
 * server's OpenAPI document once that is published. The events of a session are in `events.ts`.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Arguments = { [key: string]: Json }

export type Trust = 'builtin' | 'site' | 'external'
export type ModelChoice = { name: string; trust: Trust }
/** Prices are of a million tokens, in the site's unit of money; the built-in guide has no bound. */
export type ModelDetails = ModelChoice & {
  context_tokens: number | null
  prompt_price: number
  completion_price: number
  tool_calling: string
  is_default: boolean
}

export type Me = {
  username: string
  is_admin: boolean
  scopes: string[]
  clusters: string[]
  default_cluster: string
  model: ModelChoice
}

/** An API token as its owner sees it later: never its secret. */
export type Token = {
  id: string
  name: string
  scopes: string[]
  created_at: string
  expires_at: string
  last_used_at: string | null
  jobs: number | null
  jobs_used: number
  requests_per_minute: number | null
}

/** What a token may do beside its scopes and its end; null is any number. */
export type TokenLimits = { jobs: number | null; requests_per_minute: number | null }

export type JobState =
  | 'SUBMITTING'
  | 'QUEUEING'
  | 'RUNNING'
  | 'COMPLETED'
  | 'HOLDING'
  | 'SUSPENDED'
  | 'FAILED'
  | 'CANCELLED'
  | 'TIMEOUT'
  | 'OUT_OF_MEMORY'
  | 'OTHER'

export type Job = {
  cluster: string
  job_id: string
  owner: string
  name: string
  state: JobState
  command: string
  submitted_at: string | null
  started_at: string | null
  ended_at: string | null
  node: string | null
  cpus: number | null
  memory_mb: number | null
  memory_peak_mb: number | null
  cpu_used_s: number | null
  exit_code: number | null
  reason: string | null
  reason_code: string | null
  queue: string | null
  group: string | null
  working_directory: string | null
  stdout: string | null
  stderr: string | null
  operation_id: string | null
  dag?: string | null
  dag_node?: string | null
}

export type JobPage = {
  cluster: string
  observed_at: string
  jobs: Job[]
  total: number
  counts: Partial<Record<JobState, number>>
  next_cursor: string | null
}

export type OutputStream = 'stdout' | 'stderr'
/** Bytes `offset` to `next_offset` of a file of `size` bytes. */
export type JobOutput = { path: string; offset: number; next_offset: number; size: number; text: string }

export type Explanation = {
  job_id: string
  state: JobState
  summary: string
  evidence: string[]
  proposals: string[]
}

export type Risk = 'read' | 'write' | 'high' | 'forbidden'
export type Preview = { summary: string; targets: string[]; owners: string[]; details: string[]; undo: string | null }
export type CallError = { code: string; message: string; retryable: boolean }
export type CallStatus = 'running' | 'waiting_approval' | 'done' | 'failed' | 'refused' | 'indeterminate'
export type Call = {
  call_id: string
  tool: string
  arguments: Arguments
  status: CallStatus
  result?: Json
  error?: CallError | null
  approval_id?: string | null
  preview?: Preview | null
}

export type AgentState = 'submitting' | 'queued' | 'starting' | 'ready' | 'lost' | 'gone'
export type Agent = {
  worker_id: string
  user: string
  place: string
  state: AgentState
  cluster: string | null
  job_id: string | null
  node: string | null
  workspace: string
  detail: string | null
}

/** What programs printed in a terminal, sent along with a message: data to the agent, and nobody's words. */
export type Quote = { worker_id: string; terminal_id: string; text: string }

/** How far data may go: from what everybody may see to data of an experiment. */
export type Confidentiality = 'public' | 'scratch' | 'user' | 'experiment'

/** Tokens; `total` is null where a model has no bound of its own. */
export type ContextUse = { used: number; total: number | null }

export type Session = {
  session_id: string
  title: string
  owner: string
  created_at: string
  worker_id: string | null
  model: string
  context: ContextUse
  last_seq: number
  running: boolean
  /** What one may do in it. */
  share: 'watch' | 'steer'
  /** Who else may watch. */
  shared_with: string[]
  confidentiality: Confidentiality
  /** The agent may only read. */
  plan_mode: boolean
  task_id: string | null
  parent: string | null
  profile: string | null
}

/** `closed`: it ended without a decision, for instance because its call was refused meanwhile. */
export type ApprovalState = 'pending' | 'approved' | 'rejected' | 'expired' | 'void' | 'closed'
/** Who may approve: an administrator, or the one who asks as well. */
export type Approver = 'administrator' | 'requester'
export type Approval = {
  approval_id: string
  call_id: string
  session_id: string | null
  tool: string
  arguments: Arguments
  requester: string
  risk: Risk
  rule: string
  reason: string
  digest: string
  preview: Preview
  requested_at: string
  expires_at: string
  state: ApprovalState
  decided_by: string | null
  decided_reason: string | null
  worker_id: string | null
  persons: number
  given: string[]
  approver: Approver
  fresh_login_s: number | null
  unbound: string[]
  diff: string | null
  /** Each rule that was looked at, and `matched` or the first condition that did not hold. */
  trace: [string, string][]
}

export type Limit = { kind: 'same' | 'under' | 'at_most' | 'any'; value: Json }
/** Arguments that `pattern` does not name must be the same; without one, texts may differ. */
export type GrantRequest = {
  minutes: number
  uses: number
  pattern?: Record<string, { kind: 'under' | 'any'; value?: string }>
}
export type Grant = {
  grant_id: string
  session_id: string | null
  tool: string
  requester: string
  approver: string
  rule: string
  owners: string[]
  most_targets: number
  arguments: Record<string, Limit>
  expires_at: string
  used: number
  most_uses: number
}

export type LockKind = 'user' | 'agent' | 'session'
export type Lock = { kind: LockKind; name: string; by: string; reason: string; at: string }

export type FileEntry = {
  name: string
  path: string
  kind: string
  size: number
  mode: string | number
  modified: string
  owner: string
}
export type FileList = { path: string; entries: FileEntry[]; total: number }
export type FileContent = {
  path: string
  text: string | null
  base64: string | null
  offset: number
  size: number
  eof: boolean
  sha256: string
}
export type FileWritten = { path: string; size: number; sha256: string }
export type TerminalInfo = { terminal_id: string; pid: number; alive: boolean; next_offset: number }

/** A provider of the site; `url` is where signing in by it begins. */
export type Provider = {
  name: string
  title: string
  url: string
}

/** A program without a browser that asks for a token of the person who confirms its code. */
export type DeviceRequest = {
  user_code: string
  client: string
  scopes: string[]
  words: string[]
  network: string
  expires_at: string
}

/** A registered program that signs the person in here, and waits for a decision. `words` are those of OpenID. */
export type AuthorizationRequest = {
  client: string
  answered_at: string
  scopes: string[]
  words: string[]
  expires_at: string
}
