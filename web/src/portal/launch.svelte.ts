/** Starting and stopping worker agents from the portal. */

import { sessionOf } from '../agent/sessions.svelte'
import { call, failure, settled } from '../api/calls'
import type { ApiError } from '../api/request'
import { agents, createSession, sessions } from '../api/routes'
import type { Agent } from '../api/types'
import { asApiError } from '../ui/words'

export class Agents {
  all = $state.raw<Agent[] | null>(null)
  busy = $state(false)
  waitsApproval = $state(false)
  error = $state.raw<ApiError | null>(null)

  /** Whether the first answer is there, be it a refusal: then what is below does not move any more. */
  readonly known = $derived(this.all !== null || this.error !== null)
  /** Those that live, newest first; ended ones only matter until another is there. */
  readonly living = $derived((this.all ?? []).filter((agent) => agent.state !== 'gone'))

  async load(): Promise<void> {
    await this.#attempt(async () => {
      this.all = await agents()
    })
  }

  async launch(cluster: string): Promise<void> {
    await this.#act('launch_agent', { cluster })
  }

  async stop(agent: Agent): Promise<void> {
    await this.#act('stop_agent', { worker_id: agent.worker_id })
  }

  /** Id of the session to continue with this worker: its newest, or a new one. */
  async sessionFor(workerId: string | undefined): Promise<string | null> {
    let id: string | null = null
    await this.#attempt(async () => {
      const known = workerId === undefined ? undefined : sessionOf(workerId, await sessions())
      id = (known ?? (await createSession(workerId === undefined ? {} : { worker_id: workerId }))).session_id
    })
    return id
  }

  async #act(tool: string, args: Record<string, string>): Promise<void> {
    this.busy = true
    this.waitsApproval = false
    await this.#attempt(async () => {
      const ended = await settled(await call(tool, args))
      this.waitsApproval = ended.status === 'waiting_approval'
      if (ended.status !== 'done' && !this.waitsApproval) throw failure(ended)
      this.all = await agents()
    })
    this.busy = false
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action()
      this.error = null
    } catch (caught) {
      this.error = asApiError(caught)
    }
  }
}
