/** 回答中数字的来源；逐块接受的文件更改；取自终端的内容。 */
import type { editing as english } from '../en/editing'

export const editing: typeof english = {
  sources: {
    from: (tool, text, exact) => (exact ? `来自 ${tool}` : `来自 ${tool}，其中为 ${text}`),
    none: '本对话的任何结果中都没有这个数字：它可能是推算出来的，或来自别处。',
    says: (place, text) => `${place}：${text}`,
    job: (name) => `作业 ${name}`,
    chart: (name) => `作业 ${name} 的曲线`,
    node: (name) => `节点 ${name} 所在的集群图`,
    file: (name, line) => (line === null ? `打开 ${name}` : `打开 ${name} 第 ${line} 行`),
  },
  edits: {
    review: '审阅更改',
    reviewHint: '智能体对文件的更改会等待您：您可以接受全部、部分或不接受。否则更改会立即生效，您可以撤销。',
    choose: '选择更改',
    show: '显示更改',
    proposed: '智能体想要更改的内容',
    made: '智能体更改的内容',
    line: (line) => `第 ${line} 行`,
    newFile: '新文件',
    take: '接受此更改',
    takeSome: (taken, all) => (taken === all ? `接受全部 ${all} 处更改` : `接受 ${all} 处中的 ${taken} 处`),
    takeNone: '全部不接受',
    undo: '撤销此更改',
    undoAll: '全部撤销',
    undone: '该文件已恢复为之前的内容。',
    nothing: '该文件已经是这样了。',
    changed: '该文件之后又有变化。显示的是现在与该更改之前的全部差别。',
    unfit: '文件已有变化，此更改不再适用。请拒绝它，并让智能体重新来过。',
    notText: '文件过大或不是文本，无法在此显示其更改。',
    answer: (taken, left) =>
      taken === ''
        ? `没有接受任何更改：${left}。`
        : `用户已亲手做了这些更改：${taken}。未接受：${left}。再次更改前请先读取文件。`,
  },
  quotes: {
    list: '随附的终端内容',
    from: (terminal, lines) => `终端 ${terminal}，${lines} 行`,
    remove: '不随附此内容',
  },
  reading: {
    readable: '智能体可以读取此终端',
    sendSelection: '选中内容送到对话',
    sendSelectionHint: '将选中的内容作为数据随下一条消息发送（Ctrl+Shift+Enter）',
    letRead: '允许智能体读取',
    letReadHint: '在本对话中智能体可以读取此终端显示的内容，直到您关闭此项。能看到对话的人也能看到它读到的内容。',
  },
}
