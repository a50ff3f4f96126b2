/** Where files are: one's home, or a storage of the site. What a storage cannot do is null there. */
import {
  archivePath,
  contentPath,
  type Deleted,
  type DirectoryPage,
  type Listing,
  listDirectory,
  makeDirectory,
  renameEntry,
  trashEntry,
} from '../api/files'
import {
  listStorage,
  makeStorageDirectory,
  putOnStorage,
  removeFromStorage,
  renameOnStorage,
  storageContentPath,
} from '../api/storages'
import { inOrder } from './order'
import { abandon, createPart, createUpload } from './tus'

export type Place = {
  /** As the address of the page has it; empty for the home. */
  id: string
  root: string
  list: (of: Listing, cursor: string | null, limit: number, signal: AbortSignal) => Promise<DirectoryPage>
  makeDirectory: (path: string) => Promise<unknown>
  rename: (source: string, target: string) => Promise<unknown>
  content: (path: string) => string
  archive: ((path: string) => string) | null
  /** Whether what is removed goes into a trash, from which it can be taken back. */
  hasTrash: boolean
  remove: (path: string) => Promise<Deleted | null>
  /** The address of a new upload; `finish` makes the file when all bytes are there. */
  begin: (path: string, size: number, overwrite: boolean, signal: AbortSignal) => Promise<string>
  finish: (address: string, path: string, overwrite: boolean, signal: AbortSignal) => Promise<void>
}

export const home: Place = {
  id: '',
  root: '.',
  list: listDirectory,
  makeDirectory,
  rename: renameEntry,
  content: contentPath,
  archive: archivePath,
  hasTrash: true,
  remove: trashEntry,
  begin: createUpload,
  finish: async () => undefined, // the last byte has made it
}

export const storagePlace = (id: string): Place => ({
  id,
  root: '/',
  list: async (of, _cursor, _limit, signal) => {
    const entries = inOrder(await listStorage(id, of.path, signal), of)
    return { path: of.path, entries, total: entries.length, next_cursor: null }
  },
  makeDirectory: (path) => makeStorageDirectory(id, path),
  rename: (source, target) => renameOnStorage(id, source, target),
  content: (path) => storageContentPath(id, path),
  archive: null,
  hasTrash: false,
  remove: async (path) => {
    await removeFromStorage(id, path)
    return null
  },
  begin: (_path, size, _overwrite, signal) => createPart(size, signal),
  finish: async (address, path, overwrite, signal) => {
    const upload_id = address.slice(address.lastIndexOf('/') + 1)
    await putOnStorage(id, { path, upload_id, overwrite }, signal)
    await abandon(address).catch(() => undefined) // it expires by itself
  },
})

export const placeOf = (id: string): Place => (id === '' ? home : storagePlace(id))
