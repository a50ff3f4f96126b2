/** Which definitions of a foreign server are used. Pure. */
import type { ForeignTool } from '../api/foreign'

/** The hash that a tool is used by once it is chosen; null for one that cannot be. */
export function pinOf(tool: ForeignTool): string | null {
  return tool.state === 'unfit' ? null : (tool.sha256 ?? tool.accepted_sha256)
}

/** Used as things are: its definition was accepted and is the one of now, or the server is silent about it. */
export const isUsed = (tool: ForeignTool): boolean => tool.state === 'accepted' || tool.state === 'gone'

export function pinsOf(tools: readonly ForeignTool[], chosen: ReadonlySet<string>): Record<string, string> {
  const pins = tools.filter((tool) => chosen.has(tool.name)).map((tool) => [tool.name, pinOf(tool)] as const)
  return Object.fromEntries(pins.filter((pin): pin is [string, string] => pin[1] !== null))
}
