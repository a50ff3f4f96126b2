/** What the terminals of a worker can do for the conversation beside them. */
export type TerminalSharing = {
  /** Ids of those that the agent may read now. */
  readable: readonly string[]
  letRead?: (terminalId: string, on: boolean) => void
  quote?: (terminalId: string, text: string) => void
}
