import { expect, test } from 'vitest'
import { lineOf, oneLine, placed, readable, telling } from './readable'

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

test('a place in a value is found in its lines, also a line of a text and what stands on one line with others', () => {
  const lines = placed({ jobs: [{ id: 'a' }, { id: 'b', log: 'one\ntwo' }], ids: ['1', '2'] })
  const shown = (path: (string | number)[], within = 0) => lines[lineOf(lines, path, within)]?.text.trim()
  expect(shown(['jobs', 1, 'id'])).toBe('- id: b')
  expect(shown(['jobs', 1, 'log'], 1)).toBe('two')
  expect(shown(['ids', 1])).toBe('ids: 1, 2')
  expect(shown(['jobs'])).toBe('jobs:')
  expect(lineOf([], ['jobs', 1])).toBe(-1)
})
