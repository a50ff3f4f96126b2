import { expect, test } from 'vitest'
import { amount, asMuchAgain, decimal, limited, noLimits, short } from './amounts'

test('each measure is told in its unit', () => {
  expect([
    amount('tokens', 12_345),
    amount('money', 0.004_21),
    amount('calls', 3),
    amount('wall_s', 3_725),
    amount('cpu_hours', 12.34),
  ]).toEqual(['12,345', '0.00421', '3', '1 h 2 min', '12.3 h'])
})

test.each([
  [0, '0'],
  [950, '950'],
  [1_999, '1.9k'],
  [12_800, '12k'],
  [3_420_000, '3.4M'],
])('%d is short for people as %s, never more than there is', (value, text) => {
  expect(short(value)).toBe(text)
})

test('whole numbers from a hundred on', () => {
  expect([decimal(1234.5), decimal(99.95), decimal(0)]).toEqual(['1,235', '100', '0'])
})

test('only what has a limit is limited', () => {
  expect(limited({ ...noLimits, tokens: 0, cpu_hours: 5 })).toEqual(['tokens', 'cpu_hours'])
})

test('what is used up is doubled, and the other limits stay as they are', () => {
  expect(asMuchAgain({ tokens: 100, calls: 7, cpu_hours: 0 }, ['tokens', 'cpu_hours'])).toEqual({
    tokens: 200,
    money: null,
    calls: 7,
    wall_s: null,
    cpu_hours: 1,
  })
})
