import { expect, test } from 'vitest'
import { fromField, toField } from './time'

test('a time of the field survives the address', () => {
  expect(toField(fromField('2026-03-01T09:30'))).toBe('2026-03-01T09:30')
})

test.each(['', 'yesterday'])('%j is no time', (text) => {
  expect([toField(text), fromField(text)]).toEqual(['', ''])
})
