/** The review of one edit: what it would change or has changed, of which parts are taken, left or undone. */
import { result } from '../api/calls'
import { ApiError } from '../api/request'
import { decide } from '../api/routes'
import type { Arguments, FileContent } from '../api/types'
import type { CallView } from '../chat/view'
import { asApiError } from '../ui/words'
import { type Hunk, hunks, withHunks } from './hunks'
import { editedPaths, proposed } from './proposal'

type Earlier = { path: string; existed: boolean; text: string | null; after_sha256: string }

/** `sha256` is of the file as it is now, null where there is none. `changed`: it is not what the edit made of it any more. */
export type ReviewedFile = {
  path: string
  before: string
  hunks: readonly Hunk[]
  sha256: string | null
  existed: boolean
  changed: boolean
}

/** A file that the edit made and that somebody has written since is theirs: putting it back would take all of it away. */
export const undoable = (file: ReviewedFile): boolean => file.existed || !file.changed

/** Hunks by path and first line, from 1: those that were made and those that were not. */
export type Answered = { taken: readonly string[]; left: readonly string[] }

function answered(files: readonly ReviewedFile[], chosen: ReadonlyMap<string, ReadonlySet<number>>): Answered {
  const places = files.flatMap(({ path, hunks: found }) =>
    [...found.entries()].map(([index, hunk]) => ({
      name: `${path}:${hunk.at + 1}`,
      taken: chosen.get(path)?.has(index) === true,
    })),
  )
  const named = (taken: boolean) => places.filter((place) => place.taken === taken).map((place) => place.name)
  return { taken: named(true), left: named(false) }
}

/** Characters that the service takes as a reason. */
const MOST_REASON = 2000
const MOST_BYTES = 1024 * 1024

export class EditReview {
  files = $state.raw<readonly ReviewedFile[] | null>(null)
  /** The edit does not fit what the files hold now. */
  unfit = $state(false)
  busy = $state(false)
  error = $state.raw<ApiError | null>(null)

  /** `sessionId`: the conversation that what is done by hand is a part of; null for none. */
  constructor(
    readonly call: CallView,
    readonly sessionId: string | null,
  ) {}

  /** It waits for a word; else it was made. */
  get waits(): boolean {
    return this.call.approval?.verdict === 'pending'
  }

  load(): Promise<void> {
    return this.#attempt(async () => {
      const paths = editedPaths(this.call.tool, this.call.arguments)
      const waits = this.waits
      const files = waits ? await this.#proposed(paths) : await Promise.all(paths.map((path) => this.#made(path)))
      this.unfit = files === null
      this.files = files ?? []
    })
  }

  /** Make the chosen hunks, by path, in one's own name, and tell the agent what was taken; all of them is its own call. */
  take(chosen: ReadonlyMap<string, ReadonlySet<number>>, words: (answer: Answered) => string): Promise<void> {
    return this.#attempt(async () => {
      const files = this.files ?? []
      const answer = answered(files, chosen)
      if (answer.left.length === 0) return this.#decide('approve', '')
      await this.#writeAll(
        files.filter((file) => chosen.get(file.path)?.size),
        (file) => withHunks(file.before, file.hunks, chosen.get(file.path) ?? new Set()),
      )
      await this.#decide('reject', words(answer))
    })
  }

  /** Put back what one hunk changed, or all of the file. What somebody changed in the meantime is not overwritten. */
  undo(file: ReviewedFile, only?: number): Promise<void> {
    return this.#attempt(async () => {
      const kept = new Set(only === undefined ? [] : [...file.hunks.keys()].filter((index) => index !== only))
      if (kept.size === 0 && !file.existed) await this.#remove(file)
      else await this.#write(file, withHunks(file.before, file.hunks, kept))
      const files = this.files ?? []
      const now = await this.#made(file.path)
      this.files = files.map((one) => (one.path === file.path ? now : one))
    })
  }

  async #proposed(paths: string[]): Promise<ReviewedFile[] | null> {
    const current = new Map(await Promise.all(paths.map(async (path) => [path, await this.#current(path)] as const)))
    const texts = new Map([...current].map(([path, file]) => [path, file?.text ?? null]))
    const after = proposed(this.call.tool, this.call.arguments, texts)
    return (
      after?.map((file) => {
        const [now, before] = [current.get(file.path) ?? null, texts.get(file.path) ?? '']
        const found = hunks(before, file.after)
        return {
          path: file.path,
          before,
          hunks: found,
          sha256: now?.sha256 ?? null,
          existed: now !== null,
          changed: false,
        }
      }) ?? null
    )
  }

  async #made(path: string): Promise<ReviewedFile> {
    const args = { path, operation_id: this.call.operationId ?? '' }
    const earlier = await result<Earlier>('read_earlier_version', args, this.#place())
    if (earlier.text === null) throw new ApiError('not_text', '', false)
    const now = await this.#current(path)
    return {
      path,
      before: earlier.text,
      hunks: hunks(earlier.text, now?.text ?? ''),
      sha256: now?.sha256 ?? null,
      existed: earlier.existed,
      changed: now?.sha256 !== earlier.after_sha256,
    }
  }

  async #current(path: string): Promise<FileContent | null> {
    try {
      const file = await result<FileContent>('read_file', { path, length: MOST_BYTES }, this.#place())
      if (file.text === null || !file.eof) throw new ApiError('not_text', '', false)
      return file
    } catch (caught) {
      if (asApiError(caught).code === 'not_found') return null
      throw caught
    }
  }

  /** What the edit made, as long as nobody has changed it: what goes to the trash has no version that it is checked by. */
  async #remove(file: ReviewedFile): Promise<void> {
    const now = await this.#current(file.path)
    if (!undoable(file) || now?.sha256 !== file.sha256)
      throw new ApiError('conflict', `${file.path} has changed; nothing was removed.`, false)
    await this.#act('trash_file', { path: file.path })
  }

  async #write(file: ReviewedFile, text: string): Promise<void> {
    const expected: Arguments = file.sha256 === null ? {} : { expected_sha256: file.sha256 }
    await this.#act('write_file', { path: file.path, text, ...expected })
  }

  /** Several in one call, all of them or none. An empty file has no text that a patch could stand for. */
  async #writeAll(files: readonly ReviewedFile[], textOf: (file: ReviewedFile) => string): Promise<void> {
    if (files.length < 2 || files.some((file) => file.existed && file.before === '')) {
      for (const file of files) await this.#write(file, textOf(file))
      return
    }
    const edits = files.map((file, index) => ({ old: file.before, new: textOf(file), file: index }))
    const { applied } = await this.#act<{ applied: boolean }>('patch_files', {
      paths: files.map((file) => file.path),
      edits,
    })
    if (!applied) throw new ApiError('conflict', 'A file has changed; nothing was written.', false)
  }

  /** By hand; looks are no part of a conversation. */
  #act<T>(tool: string, args: Arguments): Promise<T> {
    return result<T>(tool, args, { ...this.#place(), sessionId: this.sessionId })
  }

  async #decide(verdict: 'approve' | 'reject', reason: string): Promise<void> {
    const { approval } = this.call
    if (approval)
      await decide({ approval_id: approval.approvalId, digest: approval.digest }, verdict, reason.slice(0, MOST_REASON))
  }

  #place() {
    return { workerId: this.call.workerId }
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    this.busy = true
    this.error = null
    try {
      await action()
    } catch (caught) {
      this.error = asApiError(caught)
    } finally {
      this.busy = false
    }
  }
}
