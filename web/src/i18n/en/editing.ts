/** Where the numbers of an answer come from; changes of files, hunk by hunk; what is taken from a terminal. */
export const editing = {
  sources: {
    from: (tool: string, text: string, exact: boolean) =>
      exact ? `From ${tool}` : `From ${tool}, where it says ${text}`,
    none: 'No result of this conversation says this number: it may be worked out, or come from elsewhere.',
    says: (place: string, text: string) => `${place}: ${text}`,
    job: (name: string) => `Job ${name}`,
    chart: (name: string) => `Chart of job ${name}`,
    node: (name: string) => `Map with node ${name}`,
    file: (name: string, line: number | null) => (line === null ? `Open ${name}` : `Open ${name} at line ${line}`),
  },
}
