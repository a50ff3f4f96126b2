/** The files of one worker's workspace: directories as they are opened, and the document in the editor. */
import { result } from '../api/calls'
import type { FileList } from '../api/types'
import { t } from '../i18n/language.svelte'
import { asApiError, words } from '../ui/words'
import { OpenDocument } from './document.svelte'
import { type Directory, parent, ROOT, type Tree } from './tree'

const MOST_ENTRIES = 2_000

export class Workspace {
  directories = $state.raw<Readonly<Record<string, Directory>>>({})
  open = $state.raw<ReadonlySet<string>>(new Set())
  hidden = $state(false)
  document = $state.raw<OpenDocument | null>(null)

  constructor(readonly workerId: string | null) {}

  get tree(): Tree {
    return { directories: this.directories, open: this.open }
  }

  async load(path = ROOT): Promise<void> {
    if (this.directories[path] === undefined) this.#put(path, 'loading')
    try {
      const args = { path, hidden: this.hidden, limit: MOST_ENTRIES }
      const list = await result<FileList>('list_files', args, { workerId: this.workerId })
      this.#put(path, { entries: list.entries, total: list.total })
    } catch (caught) {
      this.#put(path, { failed: words(asApiError(caught), t()) })
    }
  }

  /** Everything that is on the screen, again. */
  async refresh(): Promise<void> {
    await Promise.all([ROOT, ...this.open].map((path) => this.load(path)))
  }

  toggle(path: string): void {
    const open = new Set(this.open)
    if (open.delete(path)) this.open = open
    else {
      this.open = open.add(path)
      void this.load(path)
    }
  }

  async edit(path: string): Promise<void> {
    this.document = new OpenDocument(path, this.workerId)
    await this.document.load()
  }

  /** A file that does not exist yet; it comes to be when it is saved. */
  create(path: string): void {
    this.document = OpenDocument.fresh(path, this.workerId)
  }

  async saved(path: string): Promise<void> {
    await this.load(parent(path))
  }

  #put(path: string, directory: Directory): void {
    this.directories = { ...this.directories, [path]: directory }
  }
}
