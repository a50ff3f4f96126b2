/** Sub-agents as a tree below the conversations that they work for. Pure. */
import type { Subagent } from '../api/subagents'

export type AgentNode = { agent: Subagent; children: AgentNode[] }

/** Those directly below `parent`, the oldest first. */
export function below(parent: string, agents: readonly Subagent[]): AgentNode[] {
  return agents
    .filter((agent) => agent.parent === parent)
    .toSorted((a, b) => a.opened_at.localeCompare(b.opened_at))
    .map((agent) => ({ agent, children: below(agent.session_id, agents) }))
}

const OVER: readonly string[] = ['done', 'failed', 'stopped']
export const isOver = (agent: Subagent): boolean => OVER.includes(agent.state)
