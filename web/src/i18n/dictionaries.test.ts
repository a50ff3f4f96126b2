import { expect, test } from 'vitest'
import { en } from './en'
import { zh } from './zh'

/** Names, units and examples, which are the same in every language. */
const NAMES = new Set(
  (
    'INK Harness JobLens API REST AI MCP CPU GPU DAG DAGs ID QOS CSV PDF FITS ROOT SSH HTTP HTTPS HTML JSON YAML Markdown Schedd Shell ' +
    'Kerberos OpenID kinit Enter Shift Ctrl Escape Authorization Bearer TOKEN token Token ink audit verify FILE KEY TEXT key anchors ' +
    'I O MiB MB GB public_url apps node wn042 group atlas data alice calibration Jupyter models act_as joblens rules_file'
  ).split(' '),
)
const WORD = /[A-Za-z][A-Za-z0-9_]+|\b[A-Za-z]\b/g

type Found = { key: string; text: string }

/** Every text, what functions make of letters and numbers included. */
function texts(value: unknown, key = ''): Found[] {
  if (typeof value === 'string') return [{ key, text: value }]
  if (typeof value === 'function') return spoken(value as (...given: unknown[]) => unknown, key)
  return Object.entries(value as object).flatMap(([name, inner]) => texts(inner, `${key}.${name}`))
}

/** What some functions want in place of a value: an object, each property of which is a number. */
const object = new Proxy({}, { get: (_, name) => (name === Symbol.toPrimitive ? () => '7' : 7) })

/** With arguments that are no Latin word themselves; some functions want a list, some an object. */
function spoken(says: (...given: unknown[]) => unknown, key: string): Found[] {
  return [['7'], 7, 1, 200, object].flatMap((one) => {
    try {
      const text = says(one, one, one, one, one)
      return typeof text === 'string' && !text.includes('undefined') ? [{ key, text }] : []
    } catch {
      return []
    }
  })
}

test('what is said in Chinese holds no English word but names', () => {
  const left = texts(zh).filter(({ text }) => (text.match(WORD) ?? []).some((word) => !NAMES.has(word)))
  expect(left).toEqual([])
})

test('nothing is the same in both languages but names, units and signs', () => {
  const english = new Map(texts(en).map(({ key, text }) => [key, text]))
  const same = texts(zh).filter(({ key, text }) => english.get(key) === text && /[A-Za-z]{2}/.test(text))
  expect(same.filter(({ text }) => (text.match(WORD) ?? []).some((word) => !NAMES.has(word)))).toEqual([])
})

test('Chinese is written with its own punctuation', () => {
  const wrong = texts(zh).filter(({ text }) =>
    /[\u4e00-\u9fff][,;!?]|[\u4e00-\u9fff]\.( |$)|[\u4e00-\u9fff]\(/.test(text),
  )
  expect(wrong).toEqual([])
})
