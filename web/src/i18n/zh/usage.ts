/** 用量与预算。 */
import type { usage as english } from '../en/usage'

export const usage: typeof english = {
  usage: {
    title: '用量',
    month: '我的本月预算',
    measures: { tokens: 'Token', money: '费用', calls: '工具调用', wall_s: '调用时间', cpu_hours: 'CPU 小时' },
    limitOf: {
      tokens: 'Token',
      money: '费用（本中心的单位）',
      calls: '工具调用次数',
      wall_s: '调用时间（小时）',
      cpu_hours: '作业的 CPU 小时',
    },
    noLimit: '不限',
    of: (most) => `共 ${most}`,
    reserved: (amount) => `其中 ${amount} 已预留`,
    sumBy: '汇总方式',
    by: { model: '模型', session: '会话', agent: '智能体', task: '任务', user: '用户' },
    period: '时间段',
    lastDays: (days) => (days === 1 ? '最近一天' : `最近 ${days} 天`),
    whose: '范围',
    mine: '仅自己',
    replies: '回答次数',
    read: '读入 token',
    written: '写出 token',
    share: '占比',
    none: '无',
    nothing: '这段时间内没有用量。',
    limits: '限额',
    limitsOf: (name) => `${name} 的限额`,
    emptyIsNone: '留空表示不限。',
    save: '设置限额',
  },
}
