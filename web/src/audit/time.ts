/** Times of the address (RFC 3339, UTC) and of the browser's field for a local time. Pure. */
import { localTime } from '../ui/format'

/** `2026-03-01T09:30`, in local time; empty for nothing and for what is no time. */
export function toField(iso: string | undefined): string {
  if (!iso || Number.isNaN(Date.parse(iso))) return ''
  return localTime(iso).slice(0, 16).replace(' ', 'T')
}

export function fromField(local: string): string {
  const time = new Date(local)
  return local === '' || Number.isNaN(time.getTime()) ? '' : time.toISOString()
}
