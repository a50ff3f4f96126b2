import { expect, test } from 'vitest'
import { parseEvents } from './sse'

test('events are split at blank lines, and an unfinished one waits', () => {
  const { events, rest } = parseEvents('id: 1\nevent: a\ndata: {"x":1}\n\nevent: b\ndata: {')
  expect(events).toEqual([{ event: 'a', data: '{"x":1}' }])
  expect(parseEvents(`${rest}}\n\n`).events).toEqual([{ event: 'b', data: '{}' }])
})

test('comments keep the connection and are no events', () => {
  expect(parseEvents(': still here\n\n').events).toEqual([])
})

test('carriage returns and data of several lines are read', () => {
  expect(parseEvents('event: a\r\ndata: 1\r\ndata: 2\r\n\r\n').events).toEqual([{ event: 'a', data: '1\n2' }])
})
