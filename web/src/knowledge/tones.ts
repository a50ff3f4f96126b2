/** Colours of what became of a contribution. */
import type { Standing } from '../api/knowledge'
import type { Tone } from '../ui/Badge.svelte'

export const standingTone: Record<Standing, Tone> = {
  private: 'plain',
  pending: 'warn',
  accepted: 'good',
  rejected: 'bad',
  withdrawn: 'plain',
  erased: 'plain',
}
