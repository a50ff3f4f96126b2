import { expect, test } from 'vitest'
import { oneLine, readable, telling } from './readable'

test('an object is one line per scalar', () => {
  expect(readable({ job_id: '172.0', cpus: 4, node: null })).toEqual(['job_id: 172.0', 'cpus: 4', 'node: –'])
})

test('a short list stays on one line, a list of objects is indented', () => {
  expect(readable({ ids: ['1', '2'], jobs: [{ a: 1, b: 2 }] })).toEqual(['ids: 1, 2', 'jobs:', '  - a: 1', '    b: 2'])
})

test('text of many lines keeps its lines', () => {
  expect(readable({ text: 'a\nb' })).toEqual(['text:', '  a', '  b'])
})

test('nothing is no line', () => {
  expect(readable(undefined)).toEqual([])
  expect(readable({ empty: [], none: {} })).toEqual(['empty: (none)', 'none: {}'])
})

test('all arguments fit on one line', () => {
  expect(oneLine({ path: 'a b', n: 1 })).toBe('path=a b  n=1')
  expect(oneLine({ text: 'x'.repeat(500) })).toHaveLength(120)
})

test('arguments that say something come first by name, empty ones apart', () => {
  const args = { path: 'a', group: null, count: 0, all: false, notes: '', environment: {}, inputs: [] }
  expect(telling(args)).toEqual({
    given: ['all: false', 'count: 0', 'path: a'],
    empty: ['environment: {}', 'group: –', 'inputs: (none)', 'notes: '],
  })
})
