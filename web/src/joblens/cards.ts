/** The samples of each card that a job computes on. Pure. */
import type { Point, RawRecord } from '../api/joblens'

/** `busy` is empty where the driver does not tell it, as of a slice of a card. */
export type Card = { id: string; host: string; index: string; busy: Point[]; memory: Point[] }

/** In the order of hosts and cards; a slice of a card (MIG) is one of its own. */
export function cardsOf(records: readonly RawRecord[], mostPoints: number): Card[] {
  const samples = new Map<string, RawRecord[]>()
  for (const record of records) {
    const id = `${record.host}/${record.data.uuid}/${record.data.mig}`
    const known = samples.get(id)
    if (known) known.push(record)
    else samples.set(id, [record])
  }
  return [...samples]
    .map(([id, rows]) => ({
      id,
      host: rows[0]?.host ?? '',
      index: `${rows[0]?.data.card}${rows[0]?.data.mig ? ` ${rows[0].data.mig}` : ''}`,
      busy: thinned(pointsOf(rows, 'sm_percent'), mostPoints),
      memory: thinned(pointsOf(rows, 'memory_bytes'), mostPoints),
    }))
    .toSorted((a, b) => a.host.localeCompare(b.host) || a.index.localeCompare(b.index, 'en', { numeric: true }))
}

function pointsOf(rows: readonly RawRecord[], field: string): Point[] {
  return rows.flatMap(({ time, data }) => {
    const value = data[field]
    return typeof value === 'number' ? [{ time, min: value, avg: value, max: value, samples: 1 }] : []
  })
}

/** At most so many points, each of neighbours: their mean between their least and greatest. */
export function thinned(points: readonly Point[], most: number): Point[] {
  const size = Math.ceil(points.length / most)
  if (size <= 1) return [...points]
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => {
    const group = points.slice(index * size, (index + 1) * size)
    return {
      time: group[0]?.time ?? 0,
      min: Math.min(...group.map(({ min }) => min)),
      avg: group.reduce((sum, { avg }) => sum + avg, 0) / group.length,
      max: Math.max(...group.map(({ max }) => max)),
      samples: group.length,
    }
  })
}
