/** 外部 MCP 服务器及其工具的审查。 */
import type { foreign as english } from '../en/foreign'

export const foreign: typeof english = {
  foreign: {
    title: '外部工具',
    lead: '来自非本中心 MCP 服务器的工具。智能体只按此处接受的定义使用工具；定义改变后须重新审查。',
    none: '设置中没有外部 MCP 服务器。',
    noTools: '它没有提供工具，或者从未收到其响应。',
    connected: '已连接',
    notConnected: '未连接',
    states: { accepted: '已接受', new: '新增', changed: '已改变', gone: '已消失', unfit: '无法使用' },
    definition: '其定义（服务器的原话）',
    accept: '仅使用这些',
    acceptHint: '未勾选的不会使用。',
  },
}
