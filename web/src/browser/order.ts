/** A directory that comes whole, shown as one that comes page by page: directories first, then as asked. Pure. */
import type { FileRow, FileSort, Listing } from '../api/files'
import type { StorageEntry } from '../api/storages'

const compared: Record<FileSort, (a: StorageEntry, b: StorageEntry) => number> = {
  name: (a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)),
  size: (a, b) => a.size - b.size,
  time: (a, b) => a.modified - b.modified,
}

/** A storage tells neither mode nor owner. */
export function inOrder(entries: StorageEntry[], { sort, descending, hidden }: Listing): FileRow[] {
  const directory = (entry: StorageEntry) => Number(entry.kind === 'directory')
  return entries
    .map((entry) => ({ ...entry, mode: '', owner: '', group: '', link: null, hidden: entry.name.startsWith('.') }))
    .filter((entry) => hidden || !entry.hidden)
    .sort((a, b) => directory(b) - directory(a) || (descending ? -1 : 1) * compared[sort](a, b))
}
