/**
 * Resumable uploads by tus 1.0.0 (tus.io/protocols/resumable-upload): create, append pieces, and after a break ask where the
 * upload stands. A piece has the SHA-256 of its bytes with it, so that what was damaged on the way is sent again.
 */
import { fetchChecked } from '../api/request'

const UPLOADS = '/api/v1/files/uploads'
const VERSION = { 'tus-resumable': '1.0.0' }
const PIECE_BYTES = 4 * 1024 * 1024

/** The address of a new upload. */
export async function createUpload(
  path: string,
  size: number,
  overwrite: boolean,
  signal: AbortSignal,
): Promise<string> {
  const metadata = `path ${base64(path)}${overwrite ? `,overwrite ${base64('true')}` : ''}`
  return create({ 'upload-length': String(size), 'upload-metadata': metadata }, signal)
}

/** The address of a new upload that has no path of its own: something else is made of it. */
export const createPart = (size: number, signal: AbortSignal): Promise<string> =>
  create({ 'upload-length': String(size), 'upload-concat': 'partial' }, signal)

async function create(wanted: Record<string, string>, signal: AbortSignal): Promise<string> {
  const headers = { ...VERSION, ...wanted }
  const response = await fetchChecked(UPLOADS, { method: 'POST', headers, signal })
  const address = response.headers.get('location') ?? ''
  if (!address.startsWith(`${UPLOADS}/`)) throw new Error('the server did not say where the upload goes')
  return address
}

export async function offsetOf(address: string, signal: AbortSignal): Promise<number> {
  return offsetIn(await fetchChecked(address, { method: 'HEAD', headers: VERSION, signal }))
}

/** Sends one piece of `file` at `offset`, possibly the empty last one, which commits; how far the upload is then. */
export async function appendPiece(address: string, file: Blob, offset: number, signal: AbortSignal): Promise<number> {
  const piece = await file.slice(offset, offset + PIECE_BYTES).arrayBuffer()
  const headers: Record<string, string> = {
    ...VERSION,
    'content-type': 'application/offset+octet-stream',
    'upload-offset': String(offset),
  }
  // Only a page that came by TLS, or from this machine, can compute a digest.
  if (crypto.subtle) headers['upload-checksum'] = `sha256 ${base64Of(await crypto.subtle.digest('SHA-256', piece))}`
  return offsetIn(await fetchChecked(address, { method: 'PATCH', headers, body: piece, signal }))
}

export async function abandon(address: string): Promise<void> {
  await fetchChecked(address, { method: 'DELETE', headers: VERSION })
}

function offsetIn(response: Response): number {
  const offset = Number(response.headers.get('upload-offset') ?? Number.NaN)
  if (!Number.isSafeInteger(offset)) throw new Error('the server did not say how far the upload is')
  return offset
}

/** Base64 of the UTF-8 of a text. */
export function base64(text: string): string {
  return base64Of(new TextEncoder().encode(text))
}

function base64Of(bytes: ArrayBuffer | Uint8Array): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
}
