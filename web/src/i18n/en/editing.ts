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
  edits: {
    review: 'Review edits',
    reviewHint:
      'What the agent would change in files waits for you: you take all of it, some changes or none. Otherwise it is made at once, and you can undo it.',
    choose: 'Choose changes',
    show: 'Show the change',
    proposed: 'What the agent would change',
    made: 'What the agent changed',
    line: (line: number) => `line ${line}`,
    newFile: 'new file',
    take: 'take this change',
    takeSome: (taken: number, all: number) =>
      taken === all ? `Take ${all === 1 ? 'the change' : `all ${all} changes`}` : `Take ${taken} of ${all} changes`,
    takeNone: 'Take none',
    undo: 'Undo this change',
    undoAll: 'Undo all',
    undone: 'This file is as it was before.',
    nothing: 'This file is like that already.',
    changed: 'The file has changed since. What is shown is all that differs now from before the edit.',
    unfit: 'The files have changed, and this edit does not fit them any more. Reject it, and ask the agent again.',
    notText: 'A file is too large or no text, so its changes cannot be shown here.',
    answer: (taken: string, left: string) =>
      taken === ''
        ? `None of the changes was taken: ${left}.`
        : `The user made these changes by hand: ${taken}. Not taken: ${left}. Read the file before you change it again.`,
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
