import { expect, test } from 'vitest'
import type { Arguments, Json } from '../api/types'
import type { CallView, Item } from '../chat/view'
import { leavesOf, MOST_LEAVES } from './leaves'
import { figures } from './numbers'
import { pagesOf } from './pages'
import { type Source, Sources } from './sources'

function call(tool: string, args: Arguments, result: Json, callId = tool): Item & CallView {
  const nothing = {
    actingAs: null,
    workerId: null,
    operationId: null,
    startedAt: null,
    durationMs: 1,
    error: null,
    approval: null,
  }
  const shown = { kind: 'call', key: callId, callId, origin: 'model', principal: 'alice', risk: 'read' } as const
  return { ...nothing, ...shown, turn: 1, tool, arguments: args, result, output: '', below: [], status: 'done' }
}

const said = (text: string): Item => ({ kind: 'user', key: text, turn: 1, text, by: 'alice', time: '', quotes: [] })

/** Per number of the text: the place it comes from, or what is said of it instead. */
function origins(text: string, before: Item[], heading = ''): string[] {
  const sources = new Sources(before)
  return figures(text).map((figure) => {
    const origin = sources.of(figure, text, heading)
    return origin.is === 'found' ? `${origin.source.call.callId}/${origin.source.leaf.path.join('/')}` : origin.is
  })
}

function found(text: string, before: Item[]): Source {
  const [figure] = figures(text)
  const origin = figure && new Sources(before).of(figure, text)
  if (origin?.is !== 'found') throw new Error(`${text} has no source`)
  return origin.source
}

const jobs = call(
  'list_jobs',
  { owner: 'alice' },
  {
    cluster: 'pool',
    jobs: [
      { job_id: '17.0', cpus: 4, memory_mb: 2048, node: 'node-7' },
      { job_id: '18.0', cpus: 4, memory_mb: 1536, node: 'node-8', cpu_used_s: 7000 },
    ],
    total: 2,
  },
)

test('numbers are read with their units, and names, dates, times, paths and versions are none', () => {
  const read = (text: string) => figures(text).map(({ text: number, unit }) => number + (unit ? ` ${unit}` : ''))
  expect(read('5,122 MB of 6 GiB, 97.5% and −3')).toEqual(['5,122 MB', '6 GiB', '97.5 %', '−3'])
  expect(read('共有12个作业，用时3小时')).toEqual(['12', '3 小时'])
  expect(read('node-7 on 2026-11-26 at 10:30 in /data/5/a, version 1.2.3, h2 and v4')).toEqual([])
})

test('a number is found where it stands, and the row that the sentence names is chosen of several', () => {
  expect(origins('Job 18.0 has 4 CPUs.', [jobs])).toEqual(['list_jobs/jobs/1/job_id', 'list_jobs/jobs/1/cpus'])
  expect(origins('Job 17.0 has 4 CPUs.', [jobs])).toEqual(['list_jobs/jobs/0/job_id', 'list_jobs/jobs/0/cpus'])
})

test('a number may be rounded or in another unit, and says then what the result says', () => {
  expect(origins('It has 1.5 GB and used 1.9 h.', [jobs])).toEqual([
    'list_jobs/jobs/1/memory_mb',
    'list_jobs/jobs/1/cpu_used_s',
  ])
  const efficient = call('job_usage', {}, { job: { cpu_efficiency: 0.9743, cpu_percent: { avg: 97.43 } } })
  expect(origins('97 % efficiency', [efficient])).toEqual(['job_usage/job/cpu_efficiency'])
  expect(origins('2 GB', [jobs])).toEqual(['list_jobs/jobs/0/memory_mb'])
  expect(origins('3 GB', [jobs])).toEqual(['none'])
})

test('a rounding that says another thing is none', () => {
  const one = call('x', {}, { cpu_used_s: 96 })
  expect(origins('2 min', [one])).toEqual(['none'])
  expect(origins('1.6 min', [one])).toEqual(['x/cpu_used_s'])
})

test('a number of megabytes is none of seconds', () => {
  expect(origins('7000 MB', [jobs])).toEqual(['none'])
})

test('a count is the length of a list where nothing else says it', () => {
  const list = call('list_nodes', {}, { nodes: Array.from({ length: 12 }, () => ({ state: 'up' })) })
  expect(origins('There are 12 nodes.', [list])).toEqual(['list_nodes/nodes'])
})

test('of equal places the most recent one is the source', () => {
  const [first, second] = ['a', 'b'].map((id) => call('disk_use', {}, { used_bytes: 4096 }, id))
  expect(origins('You use 4096 bytes.', [first, second] as Item[])).toEqual(['b/used_bytes'])
})

test('a number that somebody gave is neither followed nor doubted, one that nobody gave is told apart', () => {
  const read = call('read_file', { path: 'a', length: 512 }, { text: 'nothing' })
  expect(origins('With 640 events in 512 bytes it takes 77 runs.', [said('take 640 events'), read])).toEqual([
    'given',
    'given',
    'none',
  ])
  expect(origins('Do 3 things.', [])).toEqual(['given'])
})

test('where only the head of a result is kept, a number that is not in it is not doubted', () => {
  const cut = call('read_file', {}, { cut: true, head: '{"text":"events 91', bytes: 90000, sha256: 'ab' })
  expect(origins('91 of 833 events', [cut])).toEqual(['read_file/head', 'given'])
})

test('a small number that stands in many places proves nothing unless the words say which', () => {
  const many = call('x', {}, { a: 3, b: 3 })
  expect(origins('I see 3 reasons.', [many])).toEqual(['given'])
  expect(origins('I see 3 reasons.', [call('x', {}, { lines: ['a', 'b', 'c'] })])).toEqual(['given'])
  const files = call('x', {}, { files: 3, b: 3 })
  expect(origins('I see 3 files.', [files])).toEqual(['x/files'])
})

test('a column of a table says what its numbers are', () => {
  const row = call('x', {}, { threads: 12, cpus: 12 })
  expect(origins('12', [row], 'CPUs')).toEqual(['x/cpus'])
})

test('a job is shown by its row, a point of a chart by its window, a line by its file', () => {
  expect(pagesOf(jobs, found('1536 MB', [jobs]).leaf)).toEqual([
    { kind: 'job', name: '18.0', href: '#/jobs/pool/18.0' },
    { kind: 'node', name: 'node-8', href: '#/cluster?of=pool' },
  ])
  const series = call(
    'job_series',
    {},
    {
      job: '18.0',
      cluster: 'pool',
      start: 1000,
      bucket_s: 10,
      series: [{ metric: 'threads', unit: '', means: '1 - 71 2' }],
    },
  )
  expect(pagesOf(series, found('71 threads', [series]).leaf)).toEqual([
    { kind: 'chart', name: '18.0', href: '#/joblens/pool/18.0?from=1000.0&to=1125.0' },
  ])
  const log = call('read_file', { path: 'run.log', first_line: 40 }, { path: 'run.log', text: 'ok\nevents 91\n' })
  expect(pagesOf(log, found('91 events', [log]).leaf)).toEqual([{ kind: 'file', name: 'run.log', line: 41 }])
  const hits = call('search_files', {}, { matches: [{ path: 'a.log', line: 17, text: 'lost 833 events' }] })
  expect(pagesOf(hits, found('833', [hits]).leaf)).toEqual([{ kind: 'file', name: 'a.log', line: 17 }])
})

test('of a long line of numbers the first are looked for, each by its word', () => {
  const leaves = leavesOf({ text: '7 x=8 '.repeat(10_000) })
  expect(leaves.length).toBe(MOST_LEAVES)
  expect(leaves.slice(0, 4).map((leaf) => leaf.word)).toEqual([0, 2, 2, 4])
})
