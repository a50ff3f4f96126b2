/** What the form of an app starts with, and the launch that it asks for. Pure. */
import type { App, AppState, Bounds, Launch, ResourceName } from '../api/apps'

export const RESOURCES: readonly ResourceName[] = ['cpus', 'memory_mb', 'wall_time_s', 'gpus']
export const OVER: readonly AppState[] = ['ended', 'failed', 'timed_out']
const HOUR_S = 3600

export type Accounting = { queue: string; group: string; qos: string }
export type Form = {
  cluster: string
  resources: Record<ResourceName, number | null>
  inputs: Record<string, string>
  accounting: Accounting
}

/** In the unit that the form shows: hours for the wall time. */
export const shown = (name: ResourceName, value: number): number =>
  name === 'wall_time_s' ? Math.round((value / HOUR_S) * 100) / 100 : value

/** What there is a choice of. */
export const offered = (app: App): ResourceName[] =>
  RESOURCES.filter((name) => app.resources[name].least < app.resources[name].most)

export function formOf(app: App, cluster: string): Form {
  const resources = { cpus: null, memory_mb: null, wall_time_s: null, gpus: null } as Form['resources']
  for (const name of RESOURCES) resources[name] = shown(name, app.resources[name].default)
  const inputs = Object.fromEntries(app.inputs.map((input) => [input.name, input.default]))
  return { cluster, resources, inputs, accounting: { queue: '', group: '', qos: '' } }
}

/** An empty field asks for nothing: the app's own default, or the usual queue. */
export function launchOf(app: App, form: Form): Launch {
  const launch: Launch = { app: app.name, cluster: form.cluster, inputs: {} }
  for (const name of offered(app)) {
    const value = form.resources[name]
    if (value !== null && value !== undefined) launch[name] = inBounds(name, value, app.resources[name])
  }
  for (const [name, path] of Object.entries(form.inputs)) if (path.trim() !== '') launch.inputs[name] = path.trim()
  for (const [name, value] of Object.entries(form.accounting) as [keyof Accounting, string][])
    if (value.trim() !== '') launch[name] = value.trim()
  return launch
}

/** Hours are shown rounded: at a bound they mean the bound. */
function inBounds(name: ResourceName, value: number, bounds: Bounds): number {
  if (name !== 'wall_time_s') return value
  return Math.min(bounds.most, Math.max(bounds.least, Math.round(value * HOUR_S)))
}
