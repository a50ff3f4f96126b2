/** One directory, read page by page as far as it is looked at: 65,000 entries cost what is seen of them. */
import type { FileRow, Listing } from '../api/files'
import type { ApiError } from '../api/request'
import { asApiError } from '../ui/words'
import type { Place } from './place'

const FIRST_PAGE = 200
const NEXT_PAGES = 5_000

export class Directory {
  entries = $state.raw<readonly FileRow[]>([])
  total = $state<number | null>(null)
  error = $state.raw<ApiError | null>(null)
  #cursor: string | null = null
  #busy = false
  /** The entry furthest down that somebody asked for. */
  #wanted = 0
  #left = new AbortController()

  constructor(
    readonly place: Place,
    readonly listing: Listing,
  ) {}

  /** Reads until the entry `index` is there, or there are no more. */
  async reach(index: number): Promise<void> {
    this.#wanted = Math.max(this.#wanted, index)
    if (this.#busy || this.left) return
    this.#busy = true
    try {
      while (!this.left && this.#lacks(this.#wanted)) await this.#readPage()
      this.error = null
    } catch (caught) {
      if (!this.left) this.error = asApiError(caught)
    } finally {
      this.#busy = false
    }
  }

  leave(): void {
    this.#left.abort()
  }

  get left(): boolean {
    return this.#left.signal.aborted
  }

  #lacks(index: number): boolean {
    return this.total === null || (this.#cursor !== null && this.entries.length <= index)
  }

  async #readPage(): Promise<void> {
    const limit = this.total === null ? FIRST_PAGE : NEXT_PAGES
    const page = await this.place.list(this.listing, this.#cursor, limit, this.#left.signal)
    this.entries = [...this.entries, ...page.entries]
    this.total = page.next_cursor === null ? this.entries.length : Math.max(page.total, this.entries.length)
    this.#cursor = page.next_cursor
  }
}
