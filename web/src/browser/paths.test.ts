import { expect, test } from 'vitest'
import { badName, crumbs, join, nameOf, parentOf } from './paths'

test('paths are joined and taken apart', () => {
  expect([join('.', 'a'), join('a/b', 'c')]).toEqual(['a', 'a/b/c'])
  expect([parentOf('a/b'), parentOf('a'), nameOf('a/b'), nameOf('b')]).toEqual(['a', '.', 'b', 'b'])
})

test('the way to a directory is told step by step', () => {
  expect(crumbs('a/b')).toEqual([
    { name: 'a', path: 'a' },
    { name: 'b', path: 'a/b' },
  ])
  expect(crumbs('.')).toEqual([])
})

test.each([
  ['', 'empty'],
  ['..', 'empty'],
  ['a/b', 'slash'],
  ['<b> "quo\'te"\n', null],
])('the name %j: %s', (name, problem) => {
  expect(badName(name)).toBe(problem)
})
