import { expect, test } from 'vitest'
import { reached, timeline } from './timeline'

test('short pauses stay, long ones are shortened, and a clock that went back costs next to nothing', () => {
  expect(timeline([1_000, 1_500, 61_500, 61_000, 61_000], 40)).toEqual({
    at: [0, 500, 2_500, 2_540, 2_580],
    length: 2_580,
  })
})

test('a position has reached all that happened until then', () => {
  const line = timeline([0, 500, 1_000], 0)
  expect([-1, 0, 499, 500, 5_000].map((position) => reached(line, position))).toEqual([0, 1, 1, 2, 3])
})

test('of nothing, nothing is reached', () => {
  expect(reached(timeline([], 40), 10)).toBe(0)
})
