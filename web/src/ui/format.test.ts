import { afterEach, expect, test } from 'vitest'
import { choice } from '../i18n/language.svelte'
import { age, bytes, duration, megabytes } from './format'

test.each([
  [350, '350 ms'],
  [1_234, '1.2 s'],
  [59_000, '59 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
  [90_000_000, '1 d 1 h'],
  [3_600_000, '1 h'],
])('%d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

test('an age is whole seconds, and never negative', () => {
  expect([age(-50), age(1_900), age(65_000)]).toEqual(['0 s', '1 s', '1 min 5 s'])
})

test('sizes use binary units', () => {
  expect([bytes(512), bytes(1536), bytes(200 * 1024 * 1024), megabytes(null), megabytes(4096)]).toEqual([
    '512 B',
    '1.5 KiB',
    '200 MiB',
    '–',
    '4.0 GiB',
  ])
})

afterEach(() => {
  choice.language = 'en'
})

test('durations have the units of the language', () => {
  choice.language = 'zh'
  expect([duration(350), duration(200_000), age(5_000)]).toEqual(['350 毫秒', '3 分钟 20 秒', '5 秒'])
})
