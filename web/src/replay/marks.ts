/** Where on the line of a conversation something stands out: what the user said, what was refused, what was asked. Pure. */
import type { DurableEvent } from '../api/events'
import type { Mark } from './PlayerBar.svelte'
import type { Timeline } from './timeline'

const TONES: Partial<Record<DurableEvent['kind'], Mark['tone']>> = {
  'user.message': 'plain',
  'approval.requested': 'warn',
  'call.refused': 'bad',
  'model.failed': 'bad',
}

/** `titles` is what each kind of event is called. */
export function marks(events: readonly DurableEvent[], line: Timeline, titles: Record<string, string>): Mark[] {
  return events.flatMap((event, index) => {
    const tone = TONES[event.kind]
    return tone ? [{ at: line.at[index] ?? 0, title: titles[event.kind] ?? event.kind, tone }] : []
  })
}
