/** Colours of conditions and of incidents. */
import type { IncidentRow, NodeCondition, SiteHealth } from '../api/site'
import type { Tone } from '../ui/Badge.svelte'

export const statusTone: Record<SiteHealth['status'], Tone> = { ok: 'good', degraded: 'warn', down: 'bad' }
export const conditionTone: Record<NodeCondition, Tone> = { works: 'good', maintenance: 'warn', down: 'bad' }
export const CONDITIONS: NodeCondition[] = ['works', 'maintenance', 'down']

export function incidentTone(incident: Pick<IncidentRow, 'state' | 'severe'>): Tone {
  if (incident.state === 'open') return incident.severe ? 'bad' : 'warn'
  return incident.state === 'resolved' ? 'accent' : 'plain'
}

/** Of a call: what did not happen is told apart from what went wrong. */
export function outcomeTone(outcome: string): Tone {
  if (outcome === 'done') return 'good'
  if (outcome === 'open') return 'accent'
  return outcome === 'refused' ? 'plain' : 'bad'
}
