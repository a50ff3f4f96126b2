import { expect, test } from 'vitest'
import type { ForeignState, ForeignTool } from '../api/foreign'
import { isUsed, pinsOf } from './pins'

const tool = (name: string, state: ForeignState, sha256: string | null, accepted: string | null = null) =>
  ({ name, state, sha256, accepted_sha256: accepted }) as ForeignTool

const tools = [
  tool('search', 'accepted', 'a', 'a'),
  tool('edit', 'changed', 'c2', 'c1'),
  tool('old', 'gone', null, 'g'),
  tool('bad', 'unfit', 'u'),
  tool('more', 'new', 'n'),
]

test('each chosen tool is pinned to what the server tells now, and an unfit one never', () => {
  expect(pinsOf(tools, new Set(['search', 'edit', 'old', 'bad']))).toEqual({ search: 'a', edit: 'c2', old: 'g' })
})

test('what changed or is new is not used before somebody chooses it', () => {
  expect(tools.filter(isUsed).map((one) => one.name)).toEqual(['search', 'old'])
})
