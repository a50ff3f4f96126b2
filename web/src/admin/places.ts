/** Where in a text a line and a column are, both from 1. Pure. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n')
  const above = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  return Math.min(text.length, above + Math.min(column - 1, lines[line - 1]?.length ?? 0))
}
