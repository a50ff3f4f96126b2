/** One task with all that its page shows, asked for again and again while it is looked at. */
import type { ApiError } from '../api/request'
import { sessions } from '../api/routes'
import { type Subagent, taskAgents } from '../api/subagents'
import { type Memory, taskBudget, taskMemory, taskSessions } from '../api/tasks'
import type { Session } from '../api/types'
import type { Account } from '../api/usage'
import { asApiError } from '../ui/words'

export class TaskWork {
  sessions = $state.raw<Session[] | null>(null)
  agents = $state.raw<Subagent[]>([])
  budget = $state.raw<Account | null>(null)
  memories = $state.raw<Memory[]>([])
  /** One's own conversations that are in no task. */
  own = $state.raw<Session[]>([])
  error = $state.raw<ApiError | null>(null)

  constructor(
    readonly taskId: string,
    readonly reload: () => Promise<void>,
  ) {}

  async load(): Promise<void> {
    const id = this.taskId
    try {
      const [shared, agents, budget, memory, mine] = await Promise.all([
        taskSessions(id),
        taskAgents(id),
        taskBudget(id),
        taskMemory(id),
        sessions(),
      ])
      this.sessions = shared
      this.agents = agents
      this.budget = budget
      this.memories = memory.memories
      this.own = mine.filter((one) => one.task_id === null)
      this.error = null
    } catch (caught) {
      this.error = asApiError(caught)
    }
  }

  /** Do it, then show what came of it. */
  readonly attempt = async (action: () => Promise<unknown>): Promise<void> => {
    try {
      await action()
    } catch (caught) {
      this.error = asApiError(caught)
      return
    }
    await Promise.all([this.load(), this.reload()])
  }
}
