/** Colours of what is on record. */
import type { Outcome } from '../api/audit'
import type { Tone } from '../ui/Badge.svelte'

export const outcomeTone: Record<Outcome, Tone> = {
  open: 'accent',
  done: 'good',
  failed: 'bad',
  refused: 'bad',
  indeterminate: 'warn',
}
