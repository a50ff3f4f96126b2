/** What an edit that an agent asks for would make of files, from its arguments. Pure. */
import type { Arguments, Json } from '../api/types'

/** `before` null: there is no file yet. */
export type Current = ReadonlyMap<string, string | null>
export type ProposedFile = { path: string; after: string }

type Edit = { old: string; new: string; file: number }

/** What stands in a record for a secret; nobody shall write that into a file. */
const REDACTED = '[redacted:'

/** Paths of the files that a call changes as text; none for a call of which parts cannot be taken. */
export function editedPaths(tool: string, args: Arguments): string[] {
  if (JSON.stringify(args).includes(REDACTED)) return []
  if (tool === 'write_file') return typeof args.path === 'string' && typeof args.text === 'string' ? [args.path] : []
  if (tool !== 'patch_files' || args.dry_run === true || !Array.isArray(args.paths)) return []
  return args.paths.every((path) => typeof path === 'string') ? [...new Set(args.paths as string[])] : []
}

/** The files as the call would leave them; null where it does not fit what they hold now. */
export function proposed(tool: string, args: Arguments, current: Current): ProposedFile[] | null {
  if (tool === 'write_file') return [{ path: String(args.path), after: String(args.text) }]
  const paths = args.paths as string[]
  const texts = new Map(current)
  for (const edit of editsOf(args.edits)) {
    const path = paths[edit.file] ?? ''
    const after = edited(texts.get(path) ?? null, edit)
    if (after === null) return null
    texts.set(path, after)
  }
  return [...new Set(paths)].map((path) => ({ path, after: texts.get(path) ?? '' }))
}

function editsOf(value: Json | undefined): Edit[] {
  const edits = Array.isArray(value) ? (value as { [key: string]: Json }[]) : []
  return edits.map((edit) => ({
    old: String(edit.old ?? ''),
    new: String(edit.new ?? ''),
    file: Number(edit.file ?? 0),
  }))
}

/** As the worker makes it: the old text stands exactly once; a file with CRLF line ends keeps them. */
function edited(text: string | null, edit: Edit): string | null {
  if (edit.old === '') return text === null ? edit.new : null
  if (text === null) return null
  const crlf = text.includes('\r\n') && !edit.old.includes('\r\n')
  const old = crlf ? edit.old.replaceAll('\n', '\r\n') : edit.old
  const replacement = crlf ? edit.new.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n') : edit.new
  const place = text.indexOf(old)
  if (place < 0 || text.indexOf(old, place + 1) >= 0) return null
  return text.slice(0, place) + replacement + text.slice(place + old.length)
}
