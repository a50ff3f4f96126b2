import { expect, test } from 'vitest'
import type { LensJob, Point } from '../api/joblens'
import { bandOf, lanesOf, nearest, pathOf, scaleOf, shifted } from './lanes'

const point = (time: number, avg: number): Point => ({ time, min: avg / 2, avg, max: avg * 2, samples: 1 })
const job = { cpus: 4, memory_bytes: null, gpu_percent: null } as LensJob
const size = { width: 100, height: 10 }

test('a job without a card has no lane for one, and each lane knows what was asked for', () => {
  const lanes = lanesOf(job, [{ metric: 'cpu_percent', unit: '', points: [point(0, 100)] }])
  expect(lanes.map(({ id, asked }) => [id, asked])).toEqual([
    ['cpu', 400],
    ['memory', null],
    ['io', null],
    ['network', null],
  ])
  expect(lanes[0]?.lines[0]?.points).toHaveLength(1)
})

test('a request far above what was used does not press the line to the floor', () => {
  const [cpu] = lanesOf(job, [{ metric: 'cpu_percent', unit: '', points: [point(0, 10)] }])
  if (!cpu) throw new Error('no lane')
  expect(scaleOf(cpu)).toEqual({ top: 50, showsRequest: false })
  expect(scaleOf({ ...cpu, asked: 60 })).toEqual({ top: 100, showsRequest: true })
  expect(scaleOf(cpu, [{ metric: 'cpu_percent', points: [point(0, 100)] }])).toEqual({ top: 500, showsRequest: true })
})

test('a lane of bytes ends at a round number of them', () => {
  const [, memory] = lanesOf(job, [{ metric: 'rss_bytes', unit: '', points: [point(0, 2 ** 30)] }])
  if (!memory) throw new Error('no lane')
  expect(scaleOf(memory).top).toBe(3 * 2 ** 30)
  expect(scaleOf({ ...memory, lines: [] }).top).toBe(1024)
})

test('a line breaks where nothing was sampled for long', () => {
  const points = [point(0, 5), point(1, 5), point(2, 0), point(50, 10)]
  expect(pathOf(points, { from: 0, to: 100 }, 10, size)).toBe('M0.00 5.00L1.00 5.00L2.00 10.00M50.00 0.00')
  expect(bandOf([point(0, 4), point(50, 4)], { from: 0, to: 100 }, 10, size)).toBe(
    'M0.00 2.00L50.00 2.00L50.00 8.00L0.00 8.00Z',
  )
  expect(bandOf([point(0, 4)], { from: 0, to: 100 }, 10, size)).toBe('')
})

test('the cursor reads the sample next to it, and none across a hole', () => {
  const points = [point(0, 1), point(10, 2), point(20, 3), point(200, 4)]
  expect(nearest(points, 14)?.avg).toBe(2)
  expect(nearest(points, 16)?.avg).toBe(3)
  expect(nearest(points, 110)).toBeUndefined()
  expect(nearest([], 1)).toBeUndefined()
})

test('another job is laid beside as if both had begun together', () => {
  expect(shifted([point(5, 1)], 100)[0]?.time).toBe(105)
})
