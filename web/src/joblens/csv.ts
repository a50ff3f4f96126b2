/** What is shown as a table of comma-separated values. Pure. */
import type { Series } from '../api/joblens'

/** One row for each bucket that was sampled, by its beginning; a figure that was not sampled in it is empty. */
export function csvOf(series: readonly Series[]): string {
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ time }) => time)))].sort((a, b) => a - b)
  const columns = series.map(({ points }) => new Map(points.map((point) => [point.time, point.avg])))
  const head = ['time', 'epoch_s', ...series.map(({ metric, unit }) => (unit ? `${metric} (${unit})` : metric))]
  const rows = times.map((time) => [
    new Date(time * 1000).toISOString(),
    time,
    ...columns.map((column) => column.get(time) ?? ''),
  ])
  return [head, ...rows].map((row) => `${row.join(',')}\r\n`).join('')
}

export const fileName = (cluster: string, job: string): string =>
  `${cluster}-${job}`.replaceAll(/[^\w.-]+/g, '_').concat('.csv')
