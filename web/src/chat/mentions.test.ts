import { expect, test } from 'vitest'
import { completed, directoryOf, fitting, kinds, mentionAt } from './mentions'

const words = { job: 'a job', file: 'a file', node: 'a node', skill: 'a skill' }
const named = (text: string, detail = '') => ({ text, detail, open: false })

test.each([
  ['why is @', null, ''],
  ['why is @jo', null, 'jo'],
  ['@job:172', 'job', '172'],
  ['look (@file:analysis/se', 'file', 'analysis/se'],
  ['请看，@node:node-0', 'node', 'node-0'],
])('in %j something is being named', (text, kind, query) => {
  expect(mentionAt(text, text.length)).toEqual({ start: text.indexOf('@'), kind, query })
})

test.each(['alice@example.org', 'no mention', '@job:172.0 is', 'a @nothing:x'])('in %j nothing is', (text) => {
  expect(mentionAt(text, text.length)).toBeNull()
})

test('only what is before the cursor counts', () => {
  expect(mentionAt('@job:172 and more', 8)).toEqual({ start: 0, kind: 'job', query: '172' })
})

test('kinds are offered by their beginning', () => {
  expect(kinds('', words)).toHaveLength(4)
  expect(kinds('s', words)).toEqual([{ text: '@skill:', detail: 'a skill', open: true }])
})

test('what begins so comes first, and what is told of it counts too', () => {
  const all = [named('@job:11720.0'), named('@job:172.0'), named('@job:9.0', 'fit 172'), named('@job:8.0')]
  expect(fitting(all, '172').map((one) => one.text)).toEqual(['@job:172.0', '@job:11720.0', '@job:9.0'])
})

test('what is typed to its end is offered no more', () => {
  expect(fitting([named('@job:172.0')], '172.0')).toEqual([])
})

test('a path is completed in its directory', () => {
  expect(['', 'se', 'analysis/se', 'a/b/', '/data'].map(directoryOf)).toEqual(['.', '.', 'analysis', 'a/b', '/'])
})

test('what is chosen takes the place of what was typed', () => {
  const mention = { start: 7, kind: 'job' as const, query: '17' }
  expect(completed('why is @job:17 held', mention, 14, named('@job:172.0'))).toEqual({
    text: 'why is @job:172.0 held',
    cursor: 17,
  })
  expect(completed('@fi', { start: 0, kind: null, query: 'fi' }, 3, { ...named('@file:'), open: true })).toEqual({
    text: '@file:',
    cursor: 6,
  })
  expect(completed('@node:n', { start: 0, kind: 'node', query: 'n' }, 7, named('@node:n1')).text).toBe('@node:n1 ')
})
