/** English, and the type of every dictionary: a key that another language lacks does not compile. */
import { agent } from './en/agent'
import { frame } from './en/frame'
import { pages } from './en/pages'

export const en = { ...frame, ...agent, ...pages }
export type Messages = typeof en
