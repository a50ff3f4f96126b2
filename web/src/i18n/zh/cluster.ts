/** 集群示意图，以及智能体在其中做了什么。 */
import type { cluster as english } from '../en/cluster'
import { knowledge } from './knowledge'

const { conditions } = knowledge.site

export const cluster: typeof english = {
  cluster: {
    noNodes: '尚无已知节点。',
    view: '节点的显示方式',
    picture: '示意图',
    table: '表格',
    groupBy: '分组方式',
    groups: { partition: '分区', rack: '机架（按名称）', condition: '状况' },
    noPartition: '不属于任何分区',
    fill: '填充高度表示 CPU 使用率',
    node: (one) =>
      `${one.node}：${conditions[one.condition]}，已用 ${one.cpus_used}/${one.cpus} 个 CPU，${one.jobs} 个作业${one.reason ? `。${one.reason}` : ''}`,
    several: (count, names, worst, used) => `${count} 个节点，${names}：最差为${worst}，CPU 已用 ${used}%`,
    jobs: (n) => `${n} 个作业`,
    columns: {
      node: '节点',
      condition: '状况',
      cpus: '已用 CPU',
      jobs: '作业',
      memory: '内存',
      partitions: '分区',
      reason: '状态',
      time: '时间',
      what: '内容',
      who: '执行者',
      approval: '审批与规则',
      outcome: '结果',
    },
    noneOpen: '没有进行中的事件。',
    past: (n) => `${n} 个过去的事件`,
    evidence: '依据',
    affected: (users) => `受影响的作业，涉及 ${users} 个用户`,
    record: '查看记录',
    changes: '智能体在这里做了什么',
    changesOf: (name) => `${name} 上的更改`,
    byHand: '包括人员及其程序',
    noChanges: '最近 30 天没有任何更改。',
    notWhole: '还有更多；请在审计中搜索。',
    onlyMine: '您看到的是以您的名义所做的更改。',
    origins: { model: '智能体', user: '人员', rest: '程序', mcp: '外部智能体或规则', harness: '平台' },
    for: (user) => `代表 ${user}`,
    conversation: '会话',
    verdicts: { approved: '批准者', rejected: '拒绝者', expired: '已过期', void: '已失效' },
    notAsked: '无需询问',
    outcomes: { open: '进行中或等待中', done: '完成', failed: '失败', refused: '被拒绝', indeterminate: '结果未知' },
  },
}
