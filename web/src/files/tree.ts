/** The tree of a workspace, flattened to the rows that are visible. Pure. */
import type { FileEntry } from '../api/types'

export type Directory = { entries: FileEntry[]; total: number } | 'loading' | { failed: string }
export type Tree = { directories: Readonly<Record<string, Directory>>; open: ReadonlySet<string> }
export type Row =
  | { kind: 'entry'; entry: FileEntry; depth: number; open: boolean }
  | { kind: 'note'; path: string; depth: number; note: 'loading' | 'empty' | { more: number } | { failed: string } }

export const ROOT = '.'

export function rows(tree: Tree, path = ROOT, depth = 0): Row[] {
  const directory = tree.directories[path]
  if (directory === undefined || directory === 'loading') return [{ kind: 'note', path, depth, note: 'loading' }]
  if ('failed' in directory) return [{ kind: 'note', path, depth, note: directory }]
  if (directory.entries.length === 0) return [{ kind: 'note', path, depth, note: 'empty' }]
  const shown = directory.entries.toSorted(directoriesFirst).flatMap((entry): Row[] => {
    const open = tree.open.has(entry.path)
    const row: Row = { kind: 'entry', entry, depth, open }
    return open ? [row, ...rows(tree, entry.path, depth + 1)] : [row]
  })
  const more = directory.total - directory.entries.length
  return more > 0 ? [...shown, { kind: 'note', path, depth, note: { more } }] : shown
}

export function isDirectory(entry: FileEntry): boolean {
  return entry.kind === 'directory'
}

function directoriesFirst(a: FileEntry, b: FileEntry): number {
  return Number(isDirectory(b)) - Number(isDirectory(a)) || a.name.localeCompare(b.name)
}

/** `analysis/select.py` → `analysis`; a name without a directory is in the root. */
export function parent(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? ROOT : path.slice(0, slash)
}
