import { expect, test } from 'vitest'
import type { Arguments } from '../api/types'
import { todosOf } from './todos'
import { type CallViewStatus, emptyView, type Item, type View } from './view'

const wrote = (items: unknown, status: CallViewStatus = 'done', turn = 0) =>
  ({ kind: 'call', tool: 'write_todos', arguments: { items } as Arguments, status, turn }) as Item
const view = (...items: Item[]): View => ({ ...emptyView, items })

test('the list is the one that was written last, and refused ones do not count', () => {
  const first = wrote([{ text: 'look', state: 'doing' }])
  const second = wrote([
    { text: 'look', state: 'done' },
    { text: 'fix', state: 'open' },
  ])
  const refused = wrote([{ text: 'no', state: 'open' }], 'refused')
  expect(todosOf(view(first, second, refused)).map((one) => [one.text, one.state])).toEqual([
    ['look', 'done'],
    ['fix', 'open'],
  ])
})

test('a list of a way that was left is not the one of now', () => {
  expect(todosOf(view(wrote([{ text: 'look', state: 'open' }], 'done', 3)))).toEqual([])
})

test('what is no list is none, and an unknown state is open', () => {
  expect(todosOf(view(wrote('nonsense')))).toEqual([])
  expect(todosOf(view(wrote([{ text: 'a', state: 'later' }, 7, null, { state: 'done' }])))).toEqual([
    { text: 'a', state: 'open' },
  ])
})
