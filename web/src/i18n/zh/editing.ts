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
