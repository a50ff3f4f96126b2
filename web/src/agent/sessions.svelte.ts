/** The user's sessions and worker agents, as the agent page needs them. */
import type { ApiError } from '../api/request'
import { agents, changeSession, createSession, models, sessions } from '../api/routes'
import type { Agent, ModelDetails, Session } from '../api/types'
import { asApiError } from '../ui/words'

export class Workplace {
  sessions = $state.raw<Session[] | null>(null)
  agents = $state.raw<Agent[]>([])
  models = $state.raw<ModelDetails[]>([])
  error = $state.raw<ApiError | null>(null)

  async load(): Promise<void> {
    await this.#attempt(async () => {
      const [all, running] = await Promise.all([sessions(), agents()])
      this.sessions = all
      this.agents = running
    })
  }

  /** They are those of the settings: asked for once. */
  async loadModels(): Promise<void> {
    await this.#attempt(async () => {
      this.models = await models()
    })
  }

  /** A new session, with the newest worker that is ready; null when the server refused. */
  async create(workerId?: string): Promise<Session | null> {
    const worker = workerId ?? this.agents.find((agent) => agent.state === 'ready')?.worker_id
    return this.#attempt(async () => {
      const created = await createSession(worker ? { worker_id: worker } : {})
      this.sessions = [created, ...(this.sessions ?? [])]
      return created
    })
  }

  async change(id: string, body: { title?: string; worker_id?: string; model?: string }): Promise<void> {
    await this.#attempt(async () => {
      const changed = await changeSession(id, body)
      this.sessions = (this.sessions ?? []).map((one) => (one.session_id === id ? changed : one))
    })
  }

  /** The conversation has learnt its title before the list is asked for again. */
  retitle(id: string, title: string): void {
    const known = this.sessions?.find((one) => one.session_id === id)
    if (!known || known.title === title) return
    this.sessions = (this.sessions ?? []).map((one) => (one === known ? { ...one, title } : one))
  }

  async #attempt<T>(action: () => Promise<T>): Promise<T | null> {
    try {
      const value = await action()
      this.error = null
      return value
    } catch (caught) {
      this.error = asApiError(caught)
      return null
    }
  }
}

/** The session to continue with a worker: the newest one that has it. */
export function sessionOf(worker: string, all: readonly Session[]): Session | undefined {
  return all.find((session) => session.worker_id === worker)
}
