/** The agent's list of what is to do: what it wrote last on the path that the conversation goes on with. Pure. */
import type { Json } from '../api/types'
import { shown, type View } from './view'

const STATES = ['open', 'doing', 'done'] as const
export type Todo = { text: string; state: (typeof STATES)[number] }

const TOOL = 'write_todos'

export function todosOf(view: View): Todo[] {
  const written = shown(view).findLast((item) => item.kind === 'call' && item.tool === TOOL && item.status === 'done')
  if (written?.kind !== 'call') return []
  const items = written.arguments.items
  return Array.isArray(items) ? items.flatMap(todo) : []
}

function todo(item: Json): Todo[] {
  if (item === null || typeof item !== 'object' || Array.isArray(item) || typeof item.text !== 'string') return []
  const state = STATES.find((one) => one === item.state) ?? 'open'
  return [{ text: item.text, state }]
}
