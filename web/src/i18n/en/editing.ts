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
  quotes: {
    list: 'Sent along from terminals',
    from: (terminal: string, lines: number) => `terminal ${terminal}, ${lines} line${lines === 1 ? '' : 's'}`,
    remove: 'Do not send this along',
  },
  reading: {
    readable: 'the agent may read this terminal',
    sendSelection: 'Selection to chat',
    sendSelectionHint: 'Send what is selected along with the next message, as data (Ctrl+Shift+Enter)',
    letRead: 'Agent may read',
    letReadHint:
      'In this conversation the agent may read what this terminal shows, until you switch this off. Who sees the conversation sees what it reads.',
  },
}
