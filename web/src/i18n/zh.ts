/** 简体中文 */
import type { Messages } from './en'
import { admin } from './zh/admin'
import { agent } from './zh/agent'
import { apps } from './zh/apps'
import { audit } from './zh/audit'
import { browser } from './zh/browser'
import { cluster } from './zh/cluster'
import { control } from './zh/control'
import { editing } from './zh/editing'
import { foreign } from './zh/foreign'
import { frame } from './zh/frame'
import { joblens } from './zh/joblens'
import { knowledge } from './zh/knowledge'
import { pages } from './zh/pages'
import { tasks } from './zh/tasks'
import { usage } from './zh/usage'

export const zh: Messages = {
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
