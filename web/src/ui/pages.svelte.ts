/** Rows that come in pages, the next one when it is asked for. */
import type { ApiError } from '../api/request'
import { asApiError } from './words'

export type Page<Row> = { rows: readonly Row[]; next: string | null }

const MOST_ROWS = 2_000

export class Pages<Row> {
  rows = $state.raw<readonly Row[] | null>(null)
  busy = $state(false)
  error = $state.raw<ApiError | null>(null)
  #next = $state.raw<string | null>(null)
  /** So many rows are shown that one should ask more narrowly. */
  readonly full = $derived((this.rows?.length ?? 0) >= MOST_ROWS)
  readonly more = $derived(this.#next !== null && !this.full)

  constructor(readonly fetch: (cursor: string | null) => Promise<Page<Row>>) {}

  async load(): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.error = null
    try {
      const page = await this.fetch(this.#next)
      this.rows = [...(this.rows ?? []), ...page.rows]
      this.#next = page.next
    } catch (caught) {
      this.error = asApiError(caught)
    } finally {
      this.busy = false
    }
  }
}

/** Pages of what matches a text. Another text begins anew; what was found before is shown until its first page is there. */
export class Search<Row> {
  text: string
  pages: Pages<Row>
  #latest: Pages<Row>

  constructor(
    readonly fetch: (text: string, cursor: string | null) => Promise<Page<Row>>,
    text = '',
  ) {
    this.text = text
    this.#latest = this.#matching()
    this.pages = $state.raw(this.#latest)
  }

  readonly search = (text: string): void => {
    this.text = text
    void this.load()
  }

  async load(): Promise<void> {
    const asked = this.#matching()
    this.#latest = asked
    if (this.pages.rows === null) this.pages = asked
    await asked.load()
    if (this.#latest === asked) this.pages = asked
  }

  #matching(): Pages<Row> {
    const { text } = this
    return new Pages((cursor) => this.fetch(text, cursor))
  }
}
