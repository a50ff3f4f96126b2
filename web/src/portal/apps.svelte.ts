/** The apps that the site offers and one's own sessions of them. */
import { type AppSession, appSessions, apps, type Catalogue, type Launch, launchApp, stopApp } from '../api/apps'
import type { ApiError } from '../api/request'
import { asApiError } from '../ui/words'
import { OVER } from './appForm'

const DISMISSED = 'ink.apps.dismissed'
const MOST_DISMISSED = 500

export class Apps {
  catalogue = $state.raw<Catalogue | null>(null)
  sessions = $state.raw<AppSession[] | null>(null)
  error = $state.raw<ApiError | null>(null)
  waitsApproval = $state(false)

  #dismissed = $state.raw<readonly string[]>(dismissed())

  /** Whether the first answer is there, be it a refusal: then what is below does not move any more. */
  readonly known = $derived(this.sessions !== null || this.error !== null)
  readonly #kept = $derived((this.sessions ?? []).filter((session) => !this.#isDismissed(session)))
  readonly inSight = $derived(this.#kept.filter(isInSight))
  readonly earlier = $derived(this.#kept.filter((session, at) => !isInSight(session, at)))

  async load(): Promise<void> {
    await this.#attempt(async () => {
      this.catalogue ??= await apps()
      this.sessions = await appSessions()
    })
  }

  /** Whether it is launched, or waits for an approval; raises an `ApiError` for the form to show. */
  async launch(launch: Launch, key: string): Promise<void> {
    this.waitsApproval = false
    try {
      await launchApp(launch, key)
    } catch (caught) {
      if (asApiError(caught).code !== 'waits_for_approval') throw caught
      this.waitsApproval = true
    }
    await this.load()
  }

  async stop(session: AppSession): Promise<void> {
    await this.#attempt(async () => {
      await stopApp(session.session_id)
      this.sessions = await appSessions()
    })
  }

  /** In this browser it is shown no more; the server keeps its record. */
  dismiss(session: AppSession): void {
    this.#dismissed = [...this.#dismissed, session.session_id].slice(-MOST_DISMISSED)
    localStorage.setItem(DISMISSED, JSON.stringify(this.#dismissed))
  }

  #isDismissed(session: AppSession): boolean {
    return OVER.includes(session.state) && this.#dismissed.includes(session.session_id)
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

function dismissed(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(DISMISSED) ?? '[]')
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}

/** Those that live, and the newest of all if it failed: that it did is what its user waits to hear. */
function isInSight(session: AppSession, at: number): boolean {
  return !OVER.includes(session.state) || (at === 0 && session.state !== 'ended')
}

/** Names one wish to launch: sent twice it is launched once. */
export function launchKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
