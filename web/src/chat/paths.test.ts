import { expect, test } from 'vitest'
import { grown, moved, noTurns, onPath, type Paths, siblings, tip } from './paths'

/** Turns 1 and 2; 2 was edited into 3, which went on with 4; then 1 was edited into 5. */
const tree: Paths = grown(moved(grown(grown(moved(grown(grown(noTurns)), 1))), 0))

test('an edited message begins where the one before it did', () => {
  expect(tree).toEqual({ parents: [-1, 0, 1, 1, 3, 0], head: 5 })
  expect([siblings(tree, 5), siblings(tree, 3), siblings(tree, 4)]).toEqual([[1, 5], [2, 3], [4]])
})

test('the path is what the conversation goes on with', () => {
  expect([...onPath(tree)]).toEqual([5, 0])
  expect([...onPath(moved(tree, 4))]).toEqual([4, 3, 1, 0])
})

test('a way is gone back to where it was left', () => {
  expect([tip(tree, 1), tip(tree, 2), tip(tree, 5)]).toEqual([4, 2, 5])
})
