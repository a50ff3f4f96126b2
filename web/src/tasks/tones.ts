/** Colours of roles and of the states of sub-agents. */
import type { SubagentState } from '../api/subagents'
import type { Role } from '../api/tasks'
import type { Tone } from '../ui/Badge.svelte'

export const roleTone: Record<Role, Tone> = { owner: 'accent', steer: 'good', watch: 'plain' }

export const subagentTone: Record<SubagentState, Tone> = {
  starting: 'plain',
  working: 'accent',
  waiting_approval: 'warn',
  over_budget: 'warn',
  done: 'good',
  failed: 'bad',
  stopped: 'plain',
}
