/** The conversation that is drawn, where its reader may do something in it. */
import { getContext, setContext } from 'svelte'

const KEY = Symbol('conversation')

export const showConversation = (sessionId: string): void => {
  setContext(KEY, sessionId)
}

export const conversationShown = (): string | null => getContext<string | undefined>(KEY) ?? null
