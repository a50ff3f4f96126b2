import { expect, test } from 'vitest'
import type { FileEntry } from '../api/types'
import { parent, rows, type Tree } from './tree'

const entry = (path: string, kind = 'file'): FileEntry => ({
  name: path.split('/').at(-1) ?? '',
  path,
  kind,
  size: 1,
  mode: 420,
  modified: '2026-01-01T00:00:00Z',
  owner: 'alice',
})
const names = (tree: Tree) =>
  rows(tree).map((row) => (row.kind === 'entry' ? `${row.depth}${row.entry.name}` : JSON.stringify(row.note)))

test('directories come first, and an open one shows what is in it', () => {
  const tree: Tree = {
    directories: {
      '.': { entries: [entry('b.py'), entry('a', 'directory')], total: 2 },
      a: { entries: [entry('a/x')], total: 1 },
    },
    open: new Set(['a']),
  }
  expect(names(tree)).toEqual(['0a', '1x', '0b.py'])
})

test('what is loading, empty, failed or cut short says so', () => {
  expect(names({ directories: {}, open: new Set() })).toEqual(['"loading"'])
  expect(names({ directories: { '.': { entries: [], total: 0 } }, open: new Set() })).toEqual(['"empty"'])
  expect(names({ directories: { '.': { failed: 'gone' } }, open: new Set() })).toEqual(['{"failed":"gone"}'])
  expect(names({ directories: { '.': { entries: [entry('a')], total: 5 } }, open: new Set() })).toEqual([
    '0a',
    '{"more":4}',
  ])
})

test('the parent of a name without a directory is the root', () => {
  expect([parent('a/b/c'), parent('a'), parent('/a')]).toEqual(['a/b', '.', '.'])
})
