/** Which figures are drawn in which lane, and how a lane is scaled. Pure. */
import type { LensJob, Point, Series } from '../api/joblens'

export type LaneId = 'cpu' | 'memory' | 'io' | 'network' | 'gpu' | 'gpuMemory'
export type Unit = 'cores' | 'bytes' | 'rate' | 'percent'
export type LaneSpec = { id: LaneId; metrics: readonly string[]; unit: Unit; request: (job: LensJob) => number | null }
export type Line = { metric: string; points: Point[] }
export type Lane = LaneSpec & { lines: Line[]; asked: number | null }

const nothing = () => null
const GPU: LaneSpec[] = [
  { id: 'gpu', metrics: ['gpu_percent'], unit: 'percent', request: nothing },
  { id: 'gpuMemory', metrics: ['gpu_memory_bytes'], unit: 'bytes', request: nothing },
]
const SPECS: LaneSpec[] = [
  { id: 'cpu', metrics: ['cpu_percent'], unit: 'cores', request: (job) => (job.cpus === null ? null : job.cpus * 100) },
  { id: 'memory', metrics: ['rss_bytes'], unit: 'bytes', request: (job) => job.memory_bytes },
  { id: 'io', metrics: ['read_rate', 'write_rate'], unit: 'rate', request: nothing },
  { id: 'network', metrics: ['net_rx_rate', 'net_tx_rate'], unit: 'rate', request: nothing },
]
/** A request this many times above what was used would press the line to the floor: it is told in words instead. */
const MOST_ABOVE = 4
/** Buckets without a sample are left out; so many usual distances without one are a hole in the line. */
const HOLE = 3.5

export const specsOf = (job: LensJob): LaneSpec[] => [...SPECS, ...(job.gpu_percent === null ? [] : GPU)]

export function lanesOf(job: LensJob, series: readonly Series[]): Lane[] {
  const points = new Map(series.map((one) => [one.metric, one.points]))
  return specsOf(job).map((spec) => ({
    ...spec,
    lines: spec.metrics.map((metric) => ({ metric, points: points.get(metric) ?? [] })),
    asked: spec.request(job),
  }))
}

/** The value at the upper edge, and whether the request lies below it. */
export function scaleOf(lane: Lane, beside: readonly Line[] = []): { top: number; showsRequest: boolean } {
  const largest = Math.max(0, ...[...lane.lines, ...beside].flatMap(({ points }) => points.map(({ max }) => max)))
  const showsRequest = lane.asked !== null && lane.asked <= MOST_ABOVE * largest
  const reached = showsRequest ? Math.max(largest, lane.asked ?? 0) : largest
  if (lane.unit === 'percent') return { top: 100, showsRequest }
  return { top: round(reached * 1.05, lane.unit === 'bytes' || lane.unit === 'rate' ? 1024 : 10), showsRequest }
}

/** The next round number: 1, 2 or 5 times a power of ten; for bytes 1 or 1.5 times a power of two. */
function round(value: number, base: number): number {
  if (value <= 0) return base === 10 ? 100 : base
  if (base === 10) {
    const power = 10 ** Math.floor(Math.log10(value))
    return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power
  }
  const power = 2 ** Math.floor(Math.log2(value))
  return ([1, 1.5, 2].find((step) => step * power >= value) ?? 2) * power
}

/** The line in a box of `width` × `height` over the window; it breaks where nothing was sampled for long. */
export function pathOf(points: readonly Point[], window: Window, top: number, size: Size): string {
  const reach = usualDistance(points) * HOLE
  let previous = Number.NEGATIVE_INFINITY
  return points
    .map(({ time, avg }) => {
      const command = time - previous > reach ? 'M' : 'L'
      previous = time
      return `${command}${at(time, window, size.width)} ${(size.height * (1 - avg / top)).toFixed(2)}`
    })
    .join('')
}

/** What lies between the lowest and the highest sample of each bucket. */
export function bandOf(points: readonly Point[], window: Window, top: number, size: Size): string {
  if (points.length < 2) return ''
  const edge = (list: readonly Point[], of: (point: Point) => number) =>
    list.map((point) => `${at(point.time, window, size.width)} ${(size.height * (1 - of(point) / top)).toFixed(2)}`)
  return `M${[...edge(points, ({ max }) => max), ...edge(points.toReversed(), ({ min }) => min)].join('L')}Z`
}

export type Window = { from: number; to: number }
export type Size = { width: number; height: number }

const at = (time: number, window: Window, width: number) =>
  ((width * (time - window.from)) / (window.to - window.from)).toFixed(2)

export function usualDistance(points: readonly Point[]): number {
  const distances = points.slice(1).map((point, index) => point.time - (points[index]?.time ?? 0))
  return distances.toSorted((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 0
}

/** The sampled bucket next to a time; undefined where none is near. */
export function nearest(points: readonly Point[], time: number): Point | undefined {
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.time ?? 0) < time) low = middle + 1
    else high = middle
  }
  const [before, after] = [points[low - 1], points[low]]
  const found = !before || (after && after.time - time < time - before.time) ? after : before
  return found && Math.abs(found.time - time) <= Math.max(1, usualDistance(points) * HOLE) ? found : undefined
}

/** The same points, as if their job had begun `by` seconds later. */
export const shifted = (points: readonly Point[], by: number): Point[] =>
  points.map((point) => ({ ...point, time: point.time + by }))
