/** One's own files: listings, changes, the trash, and links for others. `browser/tus.ts` uploads. */
import { fetchChecked, request } from './request'

const base = '/api/v1/files'
const CONTENT_DEADLINE_MS = 60_000
const COUNT_DEADLINE_MS = 60_000
const ROOT_DEADLINE_MS = 300_000

export type FileKind = 'file' | 'directory' | 'link' | 'other'
/** Times in seconds since 1970. */
export type FileRow = {
  name: string
  path: string
  kind: FileKind
  size: number
  mode: string | number
  modified: number
  owner: string
  group: string
  link: string | null
  hidden: boolean
}
export type FileSort = 'name' | 'size' | 'time'
export type DirectoryPage = { path: string; entries: FileRow[]; total: number; next_cursor: string | null }
export type Deleted = { path: string; trash_id: string | null; expires_at: number | null }
export type Trashed = {
  trash_id: string
  path: string
  kind: FileKind
  size: number
  deleted_at: number
  expires_at: number
}
export type Share = {
  share_id: string
  owner: string
  path: string
  reader_kind: 'public' | 'user' | 'group'
  reader: string | null
  expires_at: string
  url: string
}
/** Sizes in bytes. `limits` is null where no quota is set or told, and `said` says which; a limit of null is none. */
export type Quota = {
  total_bytes: number
  free_bytes: number
  limits: { used_bytes: number; soft_bytes: number | null; hard_bytes: number | null } | null
  said: string
  home_bytes: number
  trash_bytes: number
  staged_bytes: number
  entries: number
  complete: boolean
}

export type RootKey = {
  path: string
  class_name: string
  tree: { entries: number; branches: { name: string; type: string }[]; more: number } | null
  histogram: {
    title: string
    entries: number | null
    axes: { bins: number; low: number | null; high: number | null }[]
    contents: (number | null)[]
  } | null
  unread: string
}
export type RootSummary = { keys: RootKey[]; truncated: boolean }

export type Listing = { path: string; hidden: boolean; sort: FileSort; descending: boolean }

const query = (values: Record<string, string | number | boolean | null>) =>
  new URLSearchParams(Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [[key, String(value)]])))

export const listDirectory = (of: Listing, cursor: string | null, limit: number, signal?: AbortSignal) =>
  request<DirectoryPage>(`${base}?${query({ ...of, cursor, limit })}`, { signal })
export const makeDirectory = (path: string) =>
  request<unknown>(`${base}/directories`, { method: 'POST', body: { path } })
export const renameEntry = (source: string, target: string) =>
  request<unknown>(`${base}/rename`, { method: 'POST', body: { source, target } })
export const trashEntry = (path: string) =>
  request<Deleted>(`${base}?${query({ path, recursive: true })}`, { method: 'DELETE' })
export const trash = () => request<Trashed[]>(`${base}/trash`)
export const restoreEntry = (trashId: string) =>
  request<unknown>(`${base}/trash/${encodeURIComponent(trashId)}/restore`, { method: 'POST', body: {} })

export const contentPath = (path: string) => `${base}/content?${query({ path })}`
/** A directory with all that is in it, as a zip. */
export const archivePath = (path: string) => `${base}/archive?${query({ path, format: 'zip' })}`
/** Bytes `first` … `first + length` of the file at an address, fewer at its end. */
export async function contentPiece(address: string, first: number, length: number): Promise<ArrayBuffer> {
  return (await piece(address, first, length)).arrayBuffer()
}

/** The first bytes of a file, and how many there are in all. */
export type FileStart = { bytes: Uint8Array; total: number }
export async function contentStart(address: string, length: number): Promise<FileStart> {
  const response = await piece(address, 0, length)
  const total = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN)
  if (!Number.isSafeInteger(total)) throw new Error('the server did not say how long the file is')
  return { bytes: new Uint8Array(await response.arrayBuffer()), total }
}

function piece(address: string, first: number, length: number): Promise<Response> {
  const signal = AbortSignal.timeout(CONTENT_DEADLINE_MS)
  return fetchChecked(address, { headers: { range: `bytes=${first}-${first + length - 1}` }, signal })
}

/** A file may take its reader as long as the server lets it. */
export const rootSummary = (path: string) =>
  request<RootSummary>(`${base}/root?${query({ path })}`, { deadlineMs: ROOT_DEADLINE_MS })

export const shares = () => request<Share[]>('/api/v1/shares')
export const receivedShares = () => request<Share[]>('/api/v1/shares/received')
export const revokeShare = (id: string) =>
  request<void>(`/api/v1/shares/${encodeURIComponent(id)}`, { method: 'DELETE' })
/** Counting a home takes a while. */
export const quota = () => request<Quota>(`${base}/quota`, { deadlineMs: COUNT_DEADLINE_MS })

/** Whoever has the link of a public share can read the file. */
export const createLink = (path: string, lifetimeS: number) =>
  request<Share>('/api/v1/shares', { method: 'POST', body: { path, reader_kind: 'public', lifetime_s: lifetimeS } })
