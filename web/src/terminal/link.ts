/** The WebSocket of one terminal: counts bytes, so that a broken connection goes on where it stopped. */
import { terminalUrl } from '../api/routes'

/** The server's close code for a terminal that cannot be attached now; the reason says why. */
const REFUSED = 4404
/** A worker needs a while to come back to a manager that started anew; after that many refusals the user decides. */
const MOST_REFUSALS = 12
/** Keys that are typed while the connection is made wait for it, so many characters of them. */
const MOST_WAITING = 1024
const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 8_000

export type TerminalEvents = {
  data: (bytes: Uint8Array) => void
  state: (state: 'connecting' | 'connected') => void
  closed: (exitCode: number | null) => void
  /** Refused for now; `last` when it is not tried again. */
  refused: (reason: string, last: boolean) => void
}

type Text = { offset?: number; closed?: boolean; exit_code?: number | null }

export class TerminalLink {
  /** Byte offset of the next byte that is expected. */
  offset = 0
  #socket: WebSocket | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #delay = FIRST_DELAY_MS
  /** The server has begun to send: only then is the terminal attached. */
  #attached = false
  #refusals = 0
  #waiting = ''
  #size: { columns: number; rows: number } | null = null

  constructor(
    readonly workerId: string,
    readonly terminalId: string,
    readonly events: TerminalEvents,
  ) {}

  connect(): void {
    this.#attached = false
    this.events.state('connecting')
    const socket = new WebSocket(terminalUrl(this.workerId, this.terminalId, this.offset))
    socket.binaryType = 'arraybuffer'
    socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => this.#receive(event.data)
    socket.onclose = (event) => {
      if (socket === this.#socket) this.#lost(event)
    }
    this.#socket = socket
  }

  send(text: string): void {
    if (this.#attached) this.#socket?.send(new TextEncoder().encode(text))
    else this.#waiting = (this.#waiting + text).slice(0, MOST_WAITING)
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows }
    if (this.#attached) this.#socket?.send(JSON.stringify(this.#size))
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#socket?.close()
    this.#socket = null
    this.#attached = false
  }

  #attach(): void {
    this.#attached = true
    this.#delay = FIRST_DELAY_MS
    this.#refusals = 0
    this.events.state('connected')
    if (this.#size) this.resize(this.#size.columns, this.#size.rows)
    const typed = this.#waiting
    this.#waiting = ''
    if (typed !== '') this.send(typed)
  }

  #receive(data: ArrayBuffer | string): void {
    if (!this.#attached) this.#attach()
    if (typeof data !== 'string') {
      this.offset += data.byteLength
      this.events.data(new Uint8Array(data))
      return
    }
    const text = JSON.parse(data) as Text
    if (text.offset !== undefined) this.offset = text.offset
    if (text.closed) {
      this.close()
      this.events.closed(text.exit_code ?? null)
    }
  }

  #lost(event: CloseEvent): void {
    this.#attached = false
    if (event.code === REFUSED) {
      const last = ++this.#refusals >= MOST_REFUSALS
      this.events.refused(event.reason, last)
      if (last) return
    }
    this.events.state('connecting')
    this.#timer = setTimeout(() => this.connect(), this.#delay)
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY_MS)
  }
}
