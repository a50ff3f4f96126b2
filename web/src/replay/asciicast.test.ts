import { expect, test } from 'vitest'
import { parseCast, sizeOf } from './asciicast'

test('a recording is read with its size and its frames', () => {
  const text =
    '{"version": 2, "width": 100, "height": 30, "timestamp": 1700000000}\n[0.5, "o", "hi\\r\\n"]\n[1, "r", "90x20"]\n'
  expect(parseCast(text)).toEqual({
    columns: 100,
    rows: 30,
    begunMs: 1_700_000_000_000,
    frames: [
      { at: 500, code: 'o', text: 'hi\r\n' },
      { at: 1000, code: 'r', text: '90x20' },
    ],
  })
})

test.each(['', 'no recording', '{"width": -5, "height": "x"}\n[1, "i", "typed"]\n["a", "o", "b"]\n[2, "o", "half'])(
  '%j is read as far as it can be',
  (text) => {
    expect(parseCast(text)).toMatchObject({ columns: 80, rows: 24, frames: [] })
  },
)

test('a size is bounded, and what is none is none', () => {
  expect([sizeOf('90x20'), sizeOf('99999x20'), sizeOf('90x'), sizeOf('x')]).toEqual([[90, 20], [1000, 20], null, null])
})
