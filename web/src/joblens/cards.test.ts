import { expect, test } from 'vitest'
import type { RawRecord } from '../api/joblens'
import { cardsOf, thinned } from './cards'

const record = (host: string, time: number, card: number, busy: number | null, mig = ''): RawRecord => ({
  host,
  time,
  collector: 'gpu',
  data: { card, uuid: `GPU-${card}`, mig, sm_percent: busy, memory_bytes: 10 * card },
})

test('each card of each host is told apart, and a slice that does not tell its use has memory alone', () => {
  const cards = cardsOf(
    [
      record('b', 1, 0, 5),
      record('a', 1, 10, 50),
      record('a', 1, 2, 20),
      record('a', 2, 2, 30),
      record('a', 1, 3, null, 'M1'),
    ],
    100,
  )
  expect(cards.map(({ host, index }) => `${host} ${index}`)).toEqual(['a 2', 'a 3 M1', 'a 10', 'b 0'])
  expect(cards[0]?.busy.map(({ avg }) => avg)).toEqual([20, 30])
  expect(cards[1]?.busy).toEqual([])
  expect(cards[1]?.memory[0]?.avg).toBe(30)
})

test('many samples are drawn as the mean of neighbours, their extremes kept', () => {
  const points = [1, 3, 5, 9, 2].map((value, time) => ({ time, min: value, avg: value, max: value, samples: 1 }))
  expect(thinned(points, 3)).toEqual([
    { time: 0, min: 1, avg: 2, max: 3, samples: 2 },
    { time: 2, min: 5, avg: 7, max: 9, samples: 2 },
    { time: 4, min: 2, avg: 2, max: 2, samples: 1 },
  ])
  expect(thinned(points, 5)).toEqual(points)
})
