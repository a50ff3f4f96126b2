/** Opens the PDF at an address in a worker of its own. Nothing in the file is run, and no link of it can be followed. */
import { getDocument, type PDFDocumentProxy, PDFWorker, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { contentStart, type FileStart } from '../api/files'
import { ApiError } from '../api/request'
import type { Messages } from '../i18n/en'
import { FileRanges } from './ranges'
import { Resources } from './resources'
import { startWorker } from './worker'

const MOST_BYTES = 256 * 1024 * 1024
const PIECE_BYTES = 256 * 1024
const MOST_IMAGE_PIXELS = 64 * 1024 * 1024
const DEADLINE_MS = 60_000

export type OpenPdf = {
  document: PDFDocumentProxy
  /** What `work` gives; throws an `ApiError` when a piece of the file does not come, or it takes too long. */
  within: <T>(work: Promise<T>) => Promise<T>
  close: () => void
}

/** Throws an `ApiError` that says why it cannot be shown. */
export async function openPdf(address: string, words: Messages['browser']['pdf']): Promise<OpenPdf> {
  const start = await beginning(address, words)
  const thread = startWorker()
  const worker = PDFWorker.create({ port: thread, verbosity: VerbosityLevel.ERRORS })
  const close = () => {
    worker.destroy()
    thread.terminate()
  }
  const range = new FileRanges(address, start)
  const within = <T>(work: Promise<T>) => Promise.race([work, range.broken, late(words)])
  try {
    return { document: await within(getDocument({ range, worker, ...CAREFUL }).promise), within, close }
  } catch (caught) {
    close()
    throw reason(caught, words)
  }
}

/** No code made of text, no WebAssembly (the page's policy allows neither), no forms, nothing read ahead. */
const CAREFUL = {
  rangeChunkSize: PIECE_BYTES,
  disableStream: true,
  disableAutoFetch: true,
  isEvalSupported: false,
  useWasm: false,
  enableXfa: false,
  useSystemFonts: false,
  useWorkerFetch: false,
  BinaryDataFactory: Resources,
  maxImageSize: MOST_IMAGE_PIXELS,
  verbosity: VerbosityLevel.ERRORS,
}

async function beginning(address: string, words: Messages['browser']['pdf']): Promise<FileStart> {
  const start = await contentStart(address, PIECE_BYTES)
  if (start.total > MOST_BYTES) throw new ApiError('pdf_too_large', words.tooLarge, false)
  return start
}

function late(words: Messages['browser']['pdf']): Promise<never> {
  return new Promise((_, reject) =>
    AbortSignal.timeout(DEADLINE_MS).addEventListener('abort', () =>
      reject(new ApiError('pdf_slow', words.tooSlow, false)),
    ),
  )
}

function reason(caught: unknown, words: Messages['browser']['pdf']): ApiError {
  if (caught instanceof ApiError) return caught
  if (caught instanceof Error && caught.name === 'PasswordException')
    return new ApiError('pdf_encrypted', words.encrypted, false)
  return new ApiError('pdf_broken', words.broken, false)
}
