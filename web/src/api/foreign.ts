/** Foreign MCP servers: what they offer, and which of their definitions are accepted. For administrators. */
import { result } from './calls'
import type { Json, Risk } from './types'

export type ForeignState = 'accepted' | 'new' | 'changed' | 'gone' | 'unfit'
/** `definition` is what the server tells now, where it is to be reviewed; `problem` says why a tool is unfit. */
export type ForeignTool = {
  name: string
  tool: string
  state: ForeignState
  risk: Risk
  scopes: string[]
  sha256: string | null
  accepted_sha256: string | null
  definition: { [key: string]: Json } | null
  problem: string | null
}
export type ForeignServer = {
  name: string
  kind: 'http' | 'stdio'
  at: string
  trust: 'site' | 'external'
  connected: boolean
  problem: string | null
  tools: ForeignTool[]
}

export const foreignServers = () => result<{ servers: ForeignServer[] }>('list_foreign_servers', {})
/** From now on exactly these tools of the server are used, each in the definition with this hash. */
export const acceptTools = (server: string, tools: Record<string, string>) =>
  result<ForeignServer>('accept_foreign_tools', { server, tools })
