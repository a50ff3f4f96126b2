/** Uploads of this page: one after the other is sent, each can be paused, goes on where it stood, and says why it failed. */
import type { ApiError } from '../api/request'
import { asApiError } from '../ui/words'
import { join } from './paths'
import type { Place } from './place'
import { abandon, appendPiece, offsetOf } from './tus'

export type UploadState = 'waiting' | 'sending' | 'paused' | 'failed' | 'done'
const TRIES = 5
const FIRST_PAUSE_MS = 1_000
const AT_ONCE = 2

export class Upload {
  state = $state<UploadState>('waiting')
  sent = $state(0)
  error = $state.raw<ApiError | null>(null)
  #address: string | null = null
  #stop = new AbortController()
  #overwrite = false

  constructor(
    readonly id: number,
    readonly place: Place,
    readonly file: File,
    readonly path: string,
  ) {}

  /** Sends until all is there, it is paused, or it fails for good. */
  async send(): Promise<void> {
    this.state = 'sending'
    this.error = null
    this.#stop = new AbortController()
    const { signal } = this.#stop
    for (let attempt = 1; this.state === 'sending'; attempt++) {
      try {
        await this.#sendOn(signal)
        this.state = 'done'
      } catch (caught) {
        if (signal.aborted) return
        const error = asApiError(caught)
        if (!(error.retryable || error.code === 'offset_mismatch') || attempt === TRIES) this.#fail(error)
        else await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1), signal)
      }
    }
  }

  pause(): void {
    if (this.state !== 'sending' && this.state !== 'waiting') return
    this.state = 'paused'
    this.#stop.abort()
  }

  again(overwrite = false): void {
    // What was begun without the right to replace a file cannot get it later: it begins anew.
    if (overwrite && !this.#overwrite) this.#forget()
    this.#overwrite ||= overwrite
    this.state = 'waiting'
  }

  /** Ends it and drops what was sent. */
  async cancel(): Promise<void> {
    this.pause()
    this.#forget()
  }

  async #sendOn(signal: AbortSignal): Promise<void> {
    if (this.#address === null) {
      this.#address = await this.place.begin(this.path, this.file.size, this.#overwrite, signal)
      this.sent = 0
    } else {
      this.sent = await offsetOf(this.#address, signal)
    }
    if (this.file.size > 0) await this.#sendPieces(this.#address, signal)
    await this.place.finish(this.#address, this.path, this.#overwrite, signal)
  }

  async #sendPieces(address: string, signal: AbortSignal): Promise<void> {
    do this.sent = await appendPiece(address, this.file, this.sent, signal)
    while (this.sent < this.file.size)
  }

  #fail(error: ApiError): void {
    this.error = error
    this.state = 'failed'
  }

  #forget(): void {
    const address = this.#address
    this.#address = null
    this.sent = 0
    if (address !== null) abandon(address).catch(() => undefined) // it expires by itself
  }
}

export class Uploads {
  all = $state.raw<readonly Upload[]>([])
  #ids = 0

  /** `finished` is called after each file that has come. */
  constructor(readonly finished: () => void) {}

  readonly active: boolean = $derived(this.all.some((one) => one.state === 'sending' || one.state === 'waiting'))

  add(files: Iterable<File>, place: Place, directory: string): void {
    const added = Array.from(files, (file) => new Upload(this.#ids++, place, file, join(directory, file.name)))
    this.all = [...this.all, ...added]
    this.next()
  }

  resume(upload: Upload, overwrite = false): void {
    upload.again(overwrite)
    this.next()
  }

  drop(upload: Upload): void {
    void upload.cancel()
    this.all = this.all.filter((one) => one !== upload)
    this.next()
  }

  /** Begins as many as may be sent at once. */
  next(): void {
    const free = AT_ONCE - this.all.filter((one) => one.state === 'sending').length
    const waiting = this.all.filter((one) => one.state === 'waiting')
    for (const upload of waiting.slice(0, Math.max(0, free))) void this.#send(upload)
  }

  async #send(upload: Upload): Promise<void> {
    await upload.send()
    if (upload.state === 'done') this.finished()
    this.next()
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
