/** A file of the user as pdf.js reads it: piece by piece, as far as it is needed. */
import { PDFDataRangeTransport } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { contentPiece, type FileStart } from '../api/files'

export class FileRanges extends PDFDataRangeTransport {
  #fail: (error: unknown) => void = () => undefined
  /** Fails with the first piece that could not be read. */
  readonly broken = new Promise<never>((_, reject) => {
    this.#fail = reject
  })

  constructor(
    readonly address: string,
    start: FileStart,
  ) {
    super(start.total, start.bytes, start.bytes.length >= start.total)
    this.broken.catch(() => undefined) // told to whoever waits then
  }

  override requestDataRange(begin: number, end: number): void {
    contentPiece(this.address, begin, end - begin).then(
      (bytes) => this.onDataRange(begin, new Uint8Array(bytes)),
      (error: unknown) => this.#fail(error),
    )
  }
}
