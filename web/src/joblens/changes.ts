/** How a window differs from what was before it. Pure. */
import type { Series } from '../api/joblens'
import type { LaneSpec, Unit } from './lanes'

/** Means; `before` is null where nothing was sampled before, and `ratio` also where that was nothing at all. */
export type Change = { metric: string; unit: Unit; before: number | null; inside: number | null; ratio: number | null }

/** Series of one bucket each, of the time before and of the window, in the order of the lanes. */
export function changesOf(specs: readonly LaneSpec[], before: readonly Series[], inside: readonly Series[]): Change[] {
  return specs.flatMap(({ metrics, unit }) =>
    metrics.map((metric) => {
      const [was, is] = [meanOf(before, metric), meanOf(inside, metric)]
      return { metric, unit, before: was, inside: is, ratio: was && is !== null ? is / was : null }
    }),
  )
}

/** The figures that differ by a fifth or more, the greatest difference first: what a question is about. */
export function striking(changes: readonly Change[]): Change[] {
  const distance = ({ before, inside, ratio }: Change) =>
    before === null || inside === null || before === inside ? 0 : ratio ? Math.abs(Math.log(ratio)) : 10
  return changes.filter((change) => distance(change) >= Math.log(1.2)).toSorted((a, b) => distance(b) - distance(a))
}

const meanOf = (series: readonly Series[], metric: string): number | null =>
  series.find((one) => one.metric === metric)?.points[0]?.avg ?? null
