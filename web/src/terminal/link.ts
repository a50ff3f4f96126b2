/** The WebSocket of one terminal: counts bytes, so that a broken connection goes on where it stopped. */
import { terminalUrl } from '../api/routes'

/** The server's close code for a terminal that cannot be attached; the reason says why. */
const REFUSED = 4404
const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 8_000

export type TerminalEvents = {
  data: (bytes: Uint8Array) => void
  state: (state: 'connecting' | 'connected') => void
  closed: (exitCode: number | null) => void
  refused: (reason: string) => void
}

type Text = { offset?: number; closed?: boolean; exit_code?: number | null }

export class TerminalLink {
  /** Byte offset of the next byte that is expected. */
  offset = 0
  #socket: WebSocket | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #delay = FIRST_DELAY_MS
  #ended = false
  #size: { columns: number; rows: number } | null = null

  constructor(
    readonly workerId: string,
    readonly terminalId: string,
    readonly events: TerminalEvents,
  ) {}

  connect(): void {
    this.#ended = false
    this.events.state('connecting')
    const socket = new WebSocket(terminalUrl(this.workerId, this.terminalId, this.offset))
    socket.binaryType = 'arraybuffer'
    socket.onopen = () => this.#opened()
    socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => this.#receive(event.data)
    socket.onclose = (event) => this.#lost(event)
    this.#socket = socket
  }

  send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(new TextEncoder().encode(text))
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows }
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(this.#size))
  }

  close(): void {
    this.#ended = true
    clearTimeout(this.#timer)
    this.#socket?.close()
  }

  #opened(): void {
    this.#delay = FIRST_DELAY_MS
    this.events.state('connected')
    if (this.#size) this.resize(this.#size.columns, this.#size.rows)
  }

  #receive(data: ArrayBuffer | string): void {
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
    if (this.#ended) return
    if (event.code === REFUSED) {
      this.events.refused(event.reason)
      return
    }
    this.events.state('connecting')
    this.#timer = setTimeout(() => this.connect(), this.#delay)
    this.#delay = Math.min(this.#delay * 2, LONGEST_DELAY_MS)
  }
}
