/** The pages that show what a number of a result is about: its job, its chart, its file, its node. Pure. */
import type { Json } from '../api/types'
import type { CallView } from '../chat/view'
import { formatRoute } from '../routing/route'
import type { Leaf } from './leaves'

export type SourcePage =
  | { kind: 'job' | 'chart' | 'node'; name: string; href: string }
  | { kind: 'file'; name: string; line: number | null }

type Fields = { [key: string]: Json }

/** Seconds before and after a point of a chart that are shown with it, in buckets. */
const BUCKETS_AROUND = 10
const LENS_TOOLS: ReadonlySet<string> = new Set(['job_usage', 'job_series', 'job_files', 'compare_jobs'])
const FILE_TOOLS: ReadonlySet<string> = new Set(['read_file', 'search_files'])

export function pagesOf(call: CallView, leaf: Leaf): SourcePage[] {
  const around = objectsAround(call, leaf)
  return [filePage(call, leaf, around), jobPage(call, leaf, around), nodePage(leaf, around)].filter(
    (page): page is SourcePage => page !== null,
  )
}

/** The objects that the number stands in, the innermost first, and at last the arguments of the call. */
function objectsAround(call: CallView, leaf: Leaf): Fields[] {
  const objects: Fields[] = []
  let value: Json | undefined = call.result
  for (const step of [...leaf.path, null]) {
    if (isObject(value)) objects.unshift(value)
    if (step !== null) value = (value as { [key: string | number]: Json } | null)?.[step]
  }
  return [...objects, call.arguments]
}

const isObject = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const first = (objects: Fields[], ...names: string[]): string | null => {
  for (const object of objects) {
    for (const name of names) if (typeof object[name] === 'string' && object[name] !== '') return object[name]
  }
  return null
}

function jobPage(call: CallView, leaf: Leaf, around: Fields[]): SourcePage | null {
  const measured = LENS_TOOLS.has(call.tool)
  const jobId = first(around, 'job_id', ...(measured ? ['job'] : []))
  const cluster = first(around, 'cluster')
  if (jobId === null || cluster === null) return null
  const job = { cluster, jobId }
  if (!measured) return { kind: 'job', name: jobId, href: formatRoute({ page: 'jobs', job, query: {} }) }
  return { kind: 'chart', name: jobId, href: formatRoute({ page: 'joblens', job, query: windowOf(leaf, around) }) }
}

/** The part of the job around a point of a series; all of it for any other figure. */
function windowOf(leaf: Leaf, around: Fields[]): Record<string, string> {
  const series = around.find((object) => typeof object.bucket_s === 'number' && typeof object.start === 'number')
  if (leaf.path.at(-1) !== 'means' || leaf.word === null || !series) return {}
  const [start, bucket] = [Number(series.start), Number(series.bucket_s)]
  const at = start + (leaf.word + 0.5) * bucket
  const from = Math.max(start, at - BUCKETS_AROUND * bucket)
  return { from: from.toFixed(1), to: (at + BUCKETS_AROUND * bucket).toFixed(1) }
}

function nodePage(leaf: Leaf, around: Fields[]): SourcePage | null {
  const inList = leaf.path.at(-3) === 'nodes'
  const name = first(around.slice(0, 1), 'node', ...(inList ? ['name'] : []))
  const cluster = first(around, 'cluster')
  if (name === null || cluster === null) return null
  return { kind: 'node', name, href: formatRoute({ page: 'cluster', cluster, incident: null }) }
}

/** The line in the file: counted in what was read from its beginning or from a line, or as a search found it. */
function filePage(call: CallView, leaf: Leaf, around: Fields[]): SourcePage | null {
  const name = FILE_TOOLS.has(call.tool) ? first(around, 'path') : null
  if (name === null) return null
  const [row] = around
  if (typeof row?.line === 'number') return { kind: 'file', name, line: row.line }
  const { first_line: start, offset } = call.arguments
  if (leaf.path.at(-1) !== 'text' || leaf.line === null || (offset && start === undefined)) {
    return { kind: 'file', name, line: null }
  }
  return { kind: 'file', name, line: leaf.line + (typeof start === 'number' ? start : 1) }
}
