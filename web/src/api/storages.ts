/** The site's storages (XRootD). Whole directories come at once; what is put there was uploaded as a part first. */
import type { FileKind } from './files'
import { ApiError, request } from './request'

const base = '/api/v1/storages'
/** A change waits a minute for its outcome at the server. */
const CHANGE_DEADLINE_MS = 90_000
/** How often one file's outcome is asked for: a storage may take ten minutes. */
const MOST_WAITS = 12

/** `modified` in seconds since 1970. */
export type StorageEntry = { name: string; path: string; kind: FileKind; size: number; modified: number }

const of = (storage: string) => `${base}/${encodeURIComponent(storage)}`
const at = (storage: string, what: string, path: string) => `${of(storage)}/${what}?${new URLSearchParams({ path })}`

export const storages = () => request<string[]>(base)
export const listStorage = (storage: string, path: string, signal?: AbortSignal) =>
  request<StorageEntry[]>(at(storage, 'entries', path), { signal, deadlineMs: CHANGE_DEADLINE_MS })
export const storageContentPath = (storage: string, path: string) => at(storage, 'content', path)
export const makeStorageDirectory = (storage: string, path: string) => change(`${of(storage)}/directories`, { path })
export const renameOnStorage = (storage: string, source: string, target: string) =>
  change(`${of(storage)}/rename`, { source, target })
export const removeFromStorage = (storage: string, path: string) =>
  request<void>(at(storage, 'entries', path), { method: 'DELETE', deadlineMs: CHANGE_DEADLINE_MS })

/** Makes a file of an upload; under its key the request is the same one each time that it is sent. */
export async function putOnStorage(
  storage: string,
  file: { path: string; upload_id: string; overwrite: boolean },
  signal: AbortSignal,
): Promise<void> {
  const headers = { 'idempotency-key': `page-${Array.from(crypto.getRandomValues(new Uint32Array(4))).join('-')}` }
  for (let wait = 1; ; wait++) {
    try {
      return await change(`${of(storage)}/files`, file, { headers, signal })
    } catch (caught) {
      if (!(caught instanceof ApiError && caught.code === 'still_running') || wait === MOST_WAITS) throw caught
    }
  }
}

const change = (path: string, body: unknown, more: { headers?: Record<string, string>; signal?: AbortSignal } = {}) =>
  request<void>(path, { method: 'POST', body, deadlineMs: CHANGE_DEADLINE_MS, ...more })
