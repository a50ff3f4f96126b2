/** Tool calls: everything that acts goes this way. */
import { ApiError, request } from './request'
import type { Arguments, Call } from './types'

const base = '/api/v1/calls'
const WAIT_S = 20
const MOST_ROUNDS = 60

export type CallPlace = { workerId?: string | null; sessionId?: string | null }

export function call(tool: string, args: Arguments, place: CallPlace = {}): Promise<Call> {
  const body: Record<string, unknown> = { tool, arguments: args, wait_s: WAIT_S }
  if (place.workerId) body.worker_id = place.workerId
  if (place.sessionId) body.session_id = place.sessionId
  return request<Call>(base, { method: 'POST', body })
}

/** Wait for the end of a call that was still running; returns early when it waits for approval. */
export async function settled(pending: Call, signal?: AbortSignal): Promise<Call> {
  let current = pending
  for (let round = 0; current.status === 'running' && round < MOST_ROUNDS; round++) {
    current = await request<Call>(`${base}/${encodeURIComponent(current.call_id)}?wait_s=${WAIT_S}`, { signal })
  }
  return current
}

/** Run a tool to its result; whatever is not `done` becomes an `ApiError`. */
export async function result<T>(tool: string, args: Arguments, place: CallPlace = {}): Promise<T> {
  const ended = await settled(await call(tool, args, place))
  if (ended.status === 'done') return ended.result as T
  throw failure(ended)
}

export function failure(ended: Call): ApiError {
  return new ApiError(ended.error?.code ?? ended.status, ended.error?.message ?? '', ended.error?.retryable ?? false)
}
