import { expect, test } from 'vitest'
import { figureOf } from './evidence'

test('each figure has the unit that its name tells', () => {
  const told = {
    bytes_per_s: 3 * 1024 * 1024,
    share: 0.97,
    duration_s: 600,
    threads: 12,
    gpu_percent: 1.234,
    file: '/data/a',
  }
  expect(Object.entries(told).map(([name, value]) => figureOf(name, value))).toEqual([
    '3.0 MiB',
    '97 %',
    '10 min',
    '12',
    '1.23',
    '/data/a',
  ])
})
