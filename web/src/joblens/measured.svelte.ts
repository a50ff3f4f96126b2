/** What is told of one measured job, asked again while it runs and the page is looked at. */
import {
  type Capture,
  type LensConnection,
  type LensFile,
  type LensJob,
  type LensKey,
  type LensProcess,
  lensCaptures,
  lensConnections,
  lensFiles,
  lensJob,
  lensMarks,
  lensProcesses,
  lensStacks,
  lensVerdict,
  type Mark,
  type Stack,
  type Verdict,
} from '../api/joblens'
import type { ApiError } from '../api/request'
import { Pace } from '../ui/poll'
import { asApiError } from '../ui/words'

export const MOST_FILES = 200
const MOST_STACKS = 2_000
const ENDED_MS = 300_000

export class Measured {
  job = $state.raw<LensJob | null>(null)
  marks = $state.raw<Mark[]>([])
  files = $state.raw<LensFile[]>([])
  captures = $state.raw<Capture[]>([])
  processes = $state.raw<LensProcess[]>([])
  connections = $state.raw<LensConnection[]>([])
  stacks = $state.raw<Stack[]>([])
  verdict = $state.raw<Verdict | null>(null)
  error = $state.raw<ApiError | null>(null)
  readonly #pace = new Pace(5_000, 60_000)

  constructor(readonly id: LensKey) {}

  readonly pause = (): number => (this.job?.state === 'ended' && !this.error ? ENDED_MS : this.#pace.next())

  async #captured() {
    const [processes, connections, stacks] = await Promise.all([
      lensProcesses(this.id),
      lensConnections(this.id),
      lensStacks(this.id, MOST_STACKS),
    ])
    return { processes, connections, stacks }
  }

  async load(): Promise<void> {
    const begun = performance.now()
    try {
      const [job, marks, files, captures, verdict] = await Promise.all([
        lensJob(this.id),
        lensMarks(this.id),
        lensFiles(this.id, MOST_FILES),
        lensCaptures(this.id),
        lensVerdict(this.id),
      ])
      const seen = captures.length > 0 ? await this.#captured() : {}
      Object.assign(this, { job, marks, files, captures, verdict, error: null }, seen)
      this.#pace.succeeded(performance.now() - begun)
    } catch (caught) {
      this.error = asApiError(caught)
      this.#pace.failed()
    }
  }
}
