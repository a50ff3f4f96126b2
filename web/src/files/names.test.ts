import { expect, test } from 'vitest'
import { readable } from './names'

test.each([
  ['beam 束流 é.root', 'beam 束流 é.root'],
  ['<b>"quo\'te"</b>', '<b>"quo\'te"</b>'],
  ['two\nlines\t', 'two\\nlines\\x09'],
  ['latin-1 \uefe9', 'latin-1 \\xe9'],
  ['exe\u202etxt', 'exe\\u{202e}txt'],
])('%j is shown as %s', (name, shown) => {
  expect(readable(name)).toBe(shown)
})
