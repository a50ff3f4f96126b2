/** Colours of what was measured. */
import type { LensState } from '../api/joblens'
import type { Tone } from '../ui/Badge.svelte'

export const lensTone: Record<LensState, Tone> = { running: 'accent', ended: 'plain', lost: 'warn' }
