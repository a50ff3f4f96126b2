import { expect, test } from 'vitest'
import { firstChoices, isPath, pattern } from './grant'

test('at first every argument must be the same, and a path has its own directory at hand', () => {
  const choices = firstChoices({ path: 'data/raw/x.root', recursive: true, text: 'a / b' })
  expect(choices.path).toEqual({ kind: 'same', directory: 'data/raw' })
  expect(pattern(choices)).toEqual({})
  expect([isPath('data/x'), isPath('x'), isPath('a / b'), isPath(7)]).toEqual([true, false, false, false])
})

test('what may differ is named, with its directory where it is one', () => {
  const choices = firstChoices({ path: 'data/raw/x.root', text: 'new', mode: 'a' })
  choices.path = { kind: 'under', directory: 'data' }
  choices.text = { kind: 'any', directory: '' }
  expect(pattern(choices)).toEqual({ path: { kind: 'under', value: 'data' }, text: { kind: 'any' } })
})
