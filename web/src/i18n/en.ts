/** English, and the type of every dictionary: a key that another language lacks does not compile. */
import { admin } from './en/admin'
import { agent } from './en/agent'
import { apps } from './en/apps'
import { audit } from './en/audit'
import { browser } from './en/browser'
import { cluster } from './en/cluster'
import { control } from './en/control'
import { editing } from './en/editing'
import { foreign } from './en/foreign'
import { frame } from './en/frame'
import { joblens } from './en/joblens'
import { knowledge } from './en/knowledge'
import { pages } from './en/pages'
import { tasks } from './en/tasks'
import { usage } from './en/usage'

export const en = {
  ...frame,
  ...admin,
  ...agent,
  ...apps,
  ...cluster,
  ...control,
  ...audit,
  ...browser,
  ...joblens,
  ...knowledge,
  ...pages,
  ...tasks,
  ...editing,
  ...foreign,
  ...usage,
}
export type Messages = typeof en
