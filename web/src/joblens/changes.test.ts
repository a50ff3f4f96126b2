import { expect, test } from 'vitest'
import type { LensJob, Series } from '../api/joblens'
import { changesOf, striking } from './changes'
import { specsOf } from './lanes'

const specs = specsOf({ gpu_percent: null } as LensJob)
const mean = (metric: string, avg: number): Series => ({
  metric,
  unit: '',
  points: [{ time: 0, min: avg, avg, max: avg, samples: 1 }],
})

test('each figure of the lanes has its mean before and in the window', () => {
  const changes = changesOf(specs, [mean('cpu_percent', 50)], [mean('cpu_percent', 100), mean('rss_bytes', 7)])
  expect(changes.map(({ metric }) => metric)).toEqual(specs.flatMap(({ metrics }) => metrics))
  expect(changes[0]).toEqual({ metric: 'cpu_percent', unit: 'cores', before: 50, inside: 100, ratio: 2 })
  expect(changes[1]).toEqual({ metric: 'rss_bytes', unit: 'bytes', before: null, inside: 7, ratio: null })
})

test('what strikes is what differs by a fifth, the greatest difference first', () => {
  const before = [mean('cpu_percent', 100), mean('rss_bytes', 100), mean('read_rate', 0), mean('write_rate', 10)]
  const inside = [mean('cpu_percent', 110), mean('rss_bytes', 200), mean('read_rate', 5), mean('write_rate', 1)]
  const found = striking(changesOf(specs, before, inside))
  expect(found.map(({ metric }) => metric)).toEqual(['read_rate', 'write_rate', 'rss_bytes'])
})
