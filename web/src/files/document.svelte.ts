/** One open file: what was read, what is in the editor now, and saving it without losing anybody's change. */
import { call, failure, result, settled } from '../api/calls'
import type { ApiError } from '../api/request'
import type { Arguments, FileContent, FileWritten } from '../api/types'
import { asApiError } from '../ui/words'

const MOST_BYTES = 1024 * 1024

type Loading = 'loading' | 'text' | 'binary' | 'large' | 'failed'

export class OpenDocument {
  state = $state<Loading>('loading')
  size = $state(0)
  text = $state.raw('')
  /** Goes up with every text that did not come from the editor itself, so that the editor starts anew. */
  version = $state(0)
  saving = $state(false)
  conflict = $state(false)
  waitsApproval = $state(false)
  error = $state.raw<ApiError | null>(null)
  /** The line that is to be in sight, from 1; a new object each time. */
  shownLine = $state.raw<{ line: number } | null>(null)
  #base = $state.raw('')
  #isNew = $state(false)
  #sha256: string | null = null

  readonly dirty = $derived(this.state === 'text' && (this.text !== this.#base || this.#isNew))

  constructor(
    readonly path: string,
    readonly workerId: string | null,
  ) {}

  static fresh(path: string, workerId: string | null): OpenDocument {
    const document = new OpenDocument(path, workerId)
    document.#isNew = true
    document.state = 'text'
    return document
  }

  async load(): Promise<void> {
    this.state = 'loading'
    this.error = null
    this.conflict = false
    try {
      const args = { path: this.path, length: MOST_BYTES }
      this.#take(await result<FileContent>('read_file', args, { workerId: this.workerId }))
    } catch (caught) {
      this.error = asApiError(caught)
      this.state = 'failed'
    }
  }

  show(line: number | null): void {
    if (line !== null) this.shownLine = { line }
  }

  async save(overwrite = false): Promise<boolean> {
    if (this.saving || this.state !== 'text') return false
    const text = this.text
    this.saving = true
    this.error = null
    try {
      return await this.#write(text, overwrite)
    } catch (caught) {
      this.error = asApiError(caught)
      this.conflict = this.error.code === 'conflict'
      return false
    } finally {
      this.saving = false
    }
  }

  async #write(text: string, overwrite: boolean): Promise<boolean> {
    const args: Arguments = { path: this.path, text }
    if (overwrite) args.overwrite = true
    else if (this.#sha256 !== null) args.expected_sha256 = this.#sha256
    const ended = await settled(await call('write_file', args, { workerId: this.workerId }))
    this.waitsApproval = ended.status === 'waiting_approval'
    if (this.waitsApproval) return false
    if (ended.status !== 'done') throw failure(ended)
    this.#sha256 = (ended.result as unknown as FileWritten).sha256
    this.#base = text
    this.#isNew = false
    this.conflict = false
    return true
  }

  #take(content: FileContent): void {
    this.size = content.size
    if (!content.eof) this.state = 'large'
    else if (content.text === null) this.state = 'binary'
    else {
      this.#sha256 = content.sha256
      this.#base = this.text = content.text
      this.version++
      this.state = 'text'
    }
  }
}
