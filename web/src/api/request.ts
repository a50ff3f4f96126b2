/** The one door to the server: JSON in and out, every failure an `ApiError` with the server's own words. */
import { connection } from './connection.svelte'

export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly detail: string,
    readonly retryable: boolean,
    readonly status = 0,
  ) {
    super(detail)
    this.name = 'ApiError'
  }
}

export type RequestOptions = {
  method?: string
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  deadlineMs?: number
}

const DEADLINE_MS = 45_000

/** Fetch; throws `ApiError` for every answer that is not 2xx and for none at all. The caller's signal is its deadline. */
export async function fetchChecked(path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin' })
  } catch (error) {
    const reason: unknown = init.signal?.reason
    if (reason instanceof DOMException && reason.name === 'TimeoutError')
      throw new ApiError('deadline_exceeded', '', true)
    if (init.signal?.aborted) throw error
    connection.lost()
    throw new ApiError('offline', '', true)
  }
  connection.answered(response)
  if (!response.ok) throw await problem(response)
  return response
}

export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers }
  const init: RequestInit = { method: options.method ?? 'GET', headers }
  const deadline = AbortSignal.timeout(options.deadlineMs ?? DEADLINE_MS)
  init.signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  if (options.body !== undefined) {
    headers['content-type'] = 'application/json'
    init.body = JSON.stringify(options.body)
  }
  const response = await fetchChecked(path, init)
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined as T
  return (await response.json()) as T
}

async function problem(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null)
  const fields = (body ?? {}) as { code?: unknown; detail?: unknown; title?: unknown; retryable?: unknown }
  const detail = [fields.detail, fields.title].find((text) => typeof text === 'string' && text !== '')
  return new ApiError(
    typeof fields.code === 'string' ? fields.code : `http_${response.status}`,
    typeof detail === 'string' ? detail : `HTTP ${response.status} ${response.statusText}`.trim(),
    fields.retryable === true,
    response.status,
  )
}
