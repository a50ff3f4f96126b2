import { expect, test } from 'vitest'
import { functionsOf } from './functions'

const stack = (cpu_ns: number, ...frames: string[]) => ({ process: 'fit', frames, samples: 1, cpu_ns })

test('a function has its own time and that of what it calls, once where it calls itself', () => {
  const stacks = [stack(60, 'main', 'fit', 'fit'), stack(30, 'main', 'fit', 'exp'), stack(10, 'main', 'exp')]
  expect(functionsOf(stacks, 9)).toEqual([
    { name: 'fit', itself: 0.6, withCalled: 0.9 },
    { name: 'exp', itself: 0.4, withCalled: 0.4 },
    { name: 'main', itself: 0, withCalled: 1 },
  ])
  expect(functionsOf(stacks, 1)).toHaveLength(1)
})
