import { expect, test } from 'vitest'
import { csvOf, fileName } from './csv'

const point = (time: number, avg: number) => ({ time, min: avg, avg, max: avg, samples: 1 })

test('one row for each bucket, oldest first; what was not sampled in it is empty', () => {
  const table = csvOf([
    { metric: 'rss_bytes', unit: 'bytes', points: [point(10, 1.5)] },
    { metric: 'threads', unit: '', points: [point(5, 2), point(10, 3)] },
  ])
  expect(table).toBe(
    'time,epoch_s,rss_bytes (bytes),threads\r\n1970-01-01T00:00:05.000Z,5,,2\r\n1970-01-01T00:00:10.000Z,10,1.5,3\r\n',
  )
})

test('the name of the file is one that every system takes', () => {
  expect(fileName('dev', '172.0@a/b c')).toBe('dev-172.0_a_b_c.csv')
})
