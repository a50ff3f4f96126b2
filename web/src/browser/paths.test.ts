import { expect, test } from 'vitest'
import { badName, crumbs, join, nameOf, parentOf } from './paths'

test('paths are joined and taken apart', () => {
  expect([join('.', 'a'), join('a/b', 'c')]).toEqual(['a', 'a/b/c'])
  expect([join('/', 'a'), join('/a', 'b'), parentOf('/a'), parentOf('/a/b')]).toEqual(['/a', '/a/b', '/', '/a'])
  expect([parentOf('a/b'), parentOf('a'), nameOf('a/b'), nameOf('b')]).toEqual(['a', '.', 'b', 'b'])
})

test('the way to a directory is told step by step', () => {
  expect(crumbs('a/b')).toEqual([
    { name: 'a', path: 'a' },
    { name: 'b', path: 'a/b' },
  ])
  expect(crumbs('.')).toEqual([])
  expect(crumbs('/')).toEqual([])
  expect(crumbs('/a/b').map((step) => step.path)).toEqual(['/a', '/a/b'])
})

test.each([
  ['', 'empty'],
  ['..', 'empty'],
  ['a/b', 'slash'],
  ['<b> "quo\'te"\n', null],
])('the name %j: %s', (name, problem) => {
  expect(badName(name)).toBe(problem)
})
