import { expect, test } from 'vitest'
import { hunks, withHunks } from './hunks'

const before = 'a\nb\nc\nd\ne\n'
const after = 'A\nb\nc\nx\nd\n'

test('each place that differs is a hunk of its own', () => {
  expect(hunks(before, after)).toEqual([
    { at: 0, removed: ['a\n'], added: ['A\n'] },
    { at: 3, removed: [], added: ['x\n'] },
    { at: 4, removed: ['e\n'], added: [] },
  ])
  expect(hunks(before, before)).toEqual([])
})

test('some hunks are made and the others not, and all of them make the whole', () => {
  const all = hunks(before, after)
  expect(withHunks(before, all, new Set([1]))).toBe('a\nb\nc\nx\nd\ne\n')
  expect(withHunks(before, all, new Set())).toBe(before)
  expect(withHunks(before, all, new Set([0, 1, 2]))).toBe(after)
})

test('line ends and a missing end of the last line are a part of the text', () => {
  const all = hunks('a\r\nb', 'a\r\nb\n')
  expect(all).toEqual([{ at: 1, removed: ['b'], added: ['b\n'] }])
  expect(withHunks('a\r\nb', all, new Set([0]))).toBe('a\r\nb\n')
})

test('a new file and an emptied one are one hunk', () => {
  expect(hunks('', 'a\nb\n')).toEqual([{ at: 0, removed: [], added: ['a\n', 'b\n'] }])
  expect(withHunks('a\n', hunks('a\n', ''), new Set([0]))).toBe('')
})

test('any two texts come out whole, also those that are too long to be compared line by line', () => {
  const long = (seed: number, lines: number) => Array.from({ length: lines }, (_, n) => `${(n * seed) % 17}\n`).join('')
  for (const [old, now] of [
    [long(3, 90), long(5, 70)],
    [long(3, 3000), long(5, 3000)],
  ] as const) {
    const all = hunks(old, now)
    expect(withHunks(old, all, new Set(all.keys()))).toBe(now)
  }
})
