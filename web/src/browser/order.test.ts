import { expect, test } from 'vitest'
import { inOrder } from './order'

const entry = (name: string, size: number, kind: 'file' | 'directory' = 'file') => ({
  name,
  path: `/${name}`,
  kind,
  size,
  modified: size,
})
const entries = [entry('b', 1), entry('.part', 9), entry('a', 2), entry('z', 0, 'directory')]
const names = (of: Parameters<typeof inOrder>[1]) => inOrder(entries, of).map((row) => row.name)

test('directories come first, the rest as asked, and hidden ones only when asked', () => {
  const listing = { path: '/', hidden: false, sort: 'name', descending: false } as const
  expect(names(listing)).toEqual(['z', 'a', 'b'])
  expect(names({ ...listing, sort: 'size' })).toEqual(['z', 'b', 'a'])
  expect(names({ ...listing, sort: 'time', descending: true, hidden: true })).toEqual(['z', '.part', 'a', 'b'])
})
