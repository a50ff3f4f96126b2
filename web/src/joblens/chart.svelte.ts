/** The series of what is shown: of a job over a window, and of another job laid beside it. */
import { type LensJob, type LensKey, lensSeries, type Series } from '../api/joblens'
import type { ApiError } from '../api/request'
import { asApiError } from '../ui/words'
import { shifted, specsOf, type Window } from './lanes'

const POINTS = 400

export class Chart {
  series = $state.raw<Series[] | null>(null)
  beside = $state.raw<Series[]>([])
  error = $state.raw<ApiError | null>(null)
  #asked: AbortController | null = null

  /** `other` is drawn as if it had begun when `job` did. */
  async load(job: LensJob, window: Window, other: LensJob | null): Promise<void> {
    this.#asked?.abort()
    const asked = new AbortController()
    this.#asked = asked
    const metrics = specsOf(job).flatMap((spec) => spec.metrics)
    try {
      const [own, others] = await Promise.all([
        seriesOf(keyOf(job), metrics, window, asked.signal),
        other ? besideOf(job, other, metrics, window, asked.signal) : [],
      ])
      if (!asked.signal.aborted) Object.assign(this, { series: own, beside: others, error: null })
    } catch (caught) {
      if (!asked.signal.aborted) this.error = asApiError(caught)
    }
  }

  leave(): void {
    this.#asked?.abort()
  }
}

export const keyOf = (job: { cluster: string; job: string }): LensKey => ({ cluster: job.cluster, jobId: job.job })

async function seriesOf(key: LensKey, metrics: string[], { from, to }: Window, signal: AbortSignal): Promise<Series[]> {
  return (await lensSeries(key, { metrics, start: from, end: to, points: POINTS }, signal)).series
}

async function besideOf(job: LensJob, other: LensJob, metrics: string[], window: Window, signal: AbortSignal) {
  const later = job.first_seen - other.first_seen
  const theirs = { from: Math.max(0, window.from - later), to: Math.max(1, window.to - later) }
  const found = await seriesOf(keyOf(other), metrics, theirs, signal)
  return found.map((series) => ({ ...series, points: shifted(series.points, later) }))
}
