/** The picture of a cluster, and what agents did there. */
import type { NodeTile } from '../../api/site'
import { knowledge } from './knowledge'

const { conditions } = knowledge.site
const s = (n: number): string => (n === 1 ? '' : 's')

export const cluster = {
  cluster: {
    noNodes: 'No node is known yet.',
    view: 'How the nodes are shown',
    picture: 'Picture',
    table: 'Table',
    groupBy: 'Group by',
    groups: { partition: 'Partition', rack: 'Rack (by name)', condition: 'Condition' },
    noPartition: 'in no partition',
    fill: 'filled as far as its CPUs are in use',
    node: (one: NodeTile) =>
      `${one.node}: ${conditions[one.condition]}, ${one.cpus_used} of ${one.cpus} CPUs, ${one.jobs} jobs${one.reason ? `. ${one.reason}` : ''}`,
    several: (count: number, names: string, worst: string, used: number) =>
      `${count} nodes, ${names}: at worst ${worst}, ${used} % of the CPUs in use`,
    jobs: (n: number) => `${n} job${s(n)}`,
    columns: {
      node: 'Node',
      condition: 'Condition',
      cpus: 'CPUs in use',
      jobs: 'Jobs',
      memory: 'Memory',
      partitions: 'Partitions',
      reason: 'State',
      time: 'Time',
      what: 'What',
      who: 'Who',
      approval: 'Approval and rule',
      outcome: 'Outcome',
    },
    noneOpen: 'No incident is open.',
    past: (n: number) => `${n} past incident${s(n)}`,
    evidence: 'Evidence',
    affected: (users: number) => `Affected jobs, of ${users} user${s(users)}`,
    record: 'on record',
    changes: 'What agents did here',
    changesOf: (name: string) => `Changes on ${name}`,
    byHand: 'also people and their programs',
    noChanges: 'Nothing was changed in the last 30 days.',
    notWhole: 'There is more; search in the audit.',
    onlyMine: 'You see what was done on your own behalf.',
    origins: {
      model: 'the agent',
      user: 'a person',
      rest: 'a program',
      mcp: 'a foreign agent or a rule',
      harness: 'the platform',
    },
    for: (user: string) => `for ${user}`,
    conversation: 'conversation',
    verdicts: { approved: 'approved by', rejected: 'rejected by', expired: 'expired', void: 'void' } as Record<
      string,
      string
    >,
    notAsked: 'nobody was asked',
    outcomes: {
      open: 'under way, or waiting',
      done: 'done',
      failed: 'failed',
      refused: 'refused',
      indeterminate: 'outcome unknown',
    } as Record<string, string>,
  },
}
