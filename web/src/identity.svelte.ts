/** Who is signed in, for every part of the page. */
import { connection } from './api/connection.svelte'
import { ApiError } from './api/request'
import { me, signOut } from './api/routes'
import type { Me } from './api/types'

class Identity {
  /** null: nobody; undefined: not known yet. */
  me = $state.raw<Me | null | undefined>(undefined)
  error = $state.raw<ApiError | null>(null)

  readonly mayLock = $derived(this.me?.scopes.includes('admin') ?? false)
  readonly mayAudit = $derived(this.me?.scopes.includes('audit:read') ?? false)
  readonly mayReview = $derived(this.me?.scopes.includes('knowledge:review') ?? false)
  readonly mayDecide = $derived(this.me?.scopes.includes('approvals:decide') ?? false)

  async load(): Promise<void> {
    this.error = null
    try {
      this.me = await me()
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.me = null
      else this.error = error instanceof ApiError ? error : new ApiError('page_fault', String(error), false)
    }
  }

  signedIn(who: Me): void {
    this.me = who
    connection.signedOut = false
  }

  async signOut(): Promise<void> {
    await signOut()
    this.me = null
  }
}

export const identity = new Identity()
