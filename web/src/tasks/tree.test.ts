import { expect, test } from 'vitest'
import type { Subagent } from '../api/subagents'
import { type AgentNode, below } from './tree'

const agent = (id: string, parent: string, opened: string) =>
  ({ session_id: id, parent, opened_at: opened, state: 'working' }) as Subagent

const names = (nodes: AgentNode[]): unknown[] => nodes.map((node) => [node.agent.session_id, names(node.children)])

test('agents hang below the one that sent them, the oldest first, and those of another conversation do not', () => {
  const all = [agent('b', 's', '2'), agent('c', 'a', '3'), agent('a', 's', '1'), agent('x', 'other', '0')]
  expect(names(below('s', all))).toEqual([
    ['a', [['c', []]]],
    ['b', []],
  ])
})
