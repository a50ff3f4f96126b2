/** The measured jobs that fit the filters, newest first, asked again while the page is looked at. */
import { type LensCounts, type LensRow, lensJobs } from '../api/joblens'
import type { ApiError } from '../api/request'
import { Pace } from '../ui/poll'
import { asApiError } from '../ui/words'

const PAGE = 1000
const MOST_PAGES = 10

export class JobList {
  rows = $state.raw<LensRow[] | null>(null)
  counts = $state.raw<LensCounts | null>(null)
  error = $state.raw<ApiError | null>(null)
  /** There are more than a list shows. */
  cut = $state(false)
  readonly pace = new Pace(5_000, 60_000)
  #asked: AbortController | null = null

  constructor(readonly filters: Record<string, string | string[]>) {}

  async load(): Promise<void> {
    this.#asked?.abort()
    const asked = new AbortController()
    this.#asked = asked
    const begun = performance.now()
    try {
      await this.#pages(asked.signal)
      this.error = null
      this.pace.succeeded(performance.now() - begun)
    } catch (caught) {
      if (asked.signal.aborted) return
      this.error = asApiError(caught)
      this.pace.failed()
    }
  }

  leave(): void {
    this.#asked?.abort()
  }

  async #pages(signal: AbortSignal): Promise<void> {
    const found = new Map<string, LensRow>()
    let cursor: string | null = null
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await lensJobs({ ...this.filters, cursor, limit: PAGE }, signal)
      // The list may move between two pages: a job that came on both is shown once.
      for (const row of answer.jobs) found.set(`${row.cluster}/${row.job}`, row)
      this.counts = answer.counts
      cursor = answer.next_cursor
      if (cursor === null) break
    }
    this.rows = [...found.values()]
    this.cut = cursor !== null
  }
}
