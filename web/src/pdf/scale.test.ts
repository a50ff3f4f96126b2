import { expect, test } from 'vitest'
import { density, ZOOMS, zoomed } from './scale'

test('the zoom goes up and down step by step and stays at its ends', () => {
  expect([zoomed(1, 1), zoomed(1, -1)]).toEqual([1.25, 0.75])
  expect([zoomed(ZOOMS[0], -1), zoomed(4, 1)]).toEqual([ZOOMS[0], 4])
})

test('a page is drawn as fine as the screen is', () => {
  expect(density(600, 800, 2)).toBe(2)
})

test.each([
  [20_000, 20_000],
  [10, 1_000_000],
  [1_000_000, 10],
])('a page of %i × %i never asks for more than a canvas can be', (width, height) => {
  const of = density(width, height, 2)
  expect(width * of * height * of).toBeLessThanOrEqual(16 * 1024 * 1024 + 1)
  expect(Math.max(width, height) * of).toBeLessThanOrEqual(16_384)
})
