/** File names as people can read them. Pure. */

/** Control, direction and invisible characters, and the private-use ones that stand for bytes which are no text. */
const UNREADABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uef80-\uefff]/gu

/** The name with all of those spelled out; only for the eye, never to be sent back. */
export function readable(name: string): string {
  return name.replace(UNREADABLE, spelled)
}

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (character === '\n') return '\\n'
  if (code >= 0xef80 && code <= 0xefff) return `\\x${(code & 0xff).toString(16)}`
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
}
