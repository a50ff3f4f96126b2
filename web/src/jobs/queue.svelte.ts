/** The jobs of a cluster, all pages of them, asked again while the page is looked at. */
import type { ApiError } from '../api/request'
import { jobs } from '../api/routes'
import type { Job } from '../api/types'
import { asApiError } from '../ui/words'
import { type Indexed, indexed } from './filter'

const PAGE = 10_000
const MOST_PAGES = 10

export type Scope = { cluster: string; owner: 'me' | 'all' }

export class Queue {
  jobs = $state.raw<Indexed[] | null>(null)
  observedAt = $state<string | null>(null)
  total = $state(0)
  error = $state.raw<ApiError | null>(null)
  #asked: AbortController | null = null

  constructor(readonly scope: Scope) {}

  async load(): Promise<void> {
    this.#asked?.abort()
    const asked = new AbortController()
    this.#asked = asked
    try {
      const all = await this.#pages(asked.signal)
      if (asked.signal.aborted) return
      // The queue may change between two pages: a job that came on both is shown once, as it was seen last.
      this.jobs = indexed([...new Map(all.map((job) => [job.job_id, job])).values()])
      this.error = null
    } catch (caught) {
      if (!asked.signal.aborted) this.error = asApiError(caught)
    }
  }

  leave(): void {
    this.#asked?.abort()
  }

  async #pages(signal: AbortSignal): Promise<Job[]> {
    const all: Job[] = []
    const owner = this.scope.owner === 'all' ? '*' : undefined
    let cursor: string | null = null
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await jobs(
        { cluster: this.scope.cluster, owner, cursor: cursor ?? undefined, limit: PAGE },
        signal,
      )
      all.push(...answer.jobs)
      this.observedAt = answer.observed_at
      this.total = answer.total
      cursor = answer.next_cursor
      if (cursor === null) break
    }
    return all
  }
}
