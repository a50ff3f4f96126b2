import { describe, expect, it } from 'vitest'
import { Sentences } from './sentences'
import known from './zh/sentences.json'

const chinese = new Sentences(known)

describe('sentences of the server', () => {
  it('are said in the other language with their values', () => {
    expect(chinese.said('High-risk operations need approval.')).toBe('高风险操作须经批准。')
    expect(chinese.said('Node node-007 is down')).toBe('节点 node-007 宕机')
    expect(chinese.said('Its memory is full: 4.0 GB of what there is and 1.0 GB were swapped out.')).toBe(
      '内存已满：使用 4.0 GB，共 全部内存，另有 1.0 GB 被换出。',
    )
  })

  it('say a value that is such a sentence, and no other', () => {
    expect(chinese.said('the job is held: it is held by its owner')).toBe('作业已挂起：由其所有者挂起')
    expect(chinese.said('Remove 3 jobs of wait on dev (running: 2, queued: 1)')).toBe(
      '移除 dev 上 wait 的 3 个作业（2 个运行中, 1 个排队中）',
    )
  })

  it('stay as they are where somebody else wrote them', () => {
    for (const text of [
      '',
      'Our own rule.',
      'Three jobs of ours: done',
      'Job has gone over memory limit of 4096 megabytes.',
    ])
      expect(chinese.said(text)).toBe(text)
  })

  it('stay as they are where it could not be told which value is which', () => {
    const twofold = 'Run cat a in b at c in /home at node-1'
    expect(chinese.said(twofold)).toBe(twofold)
    expect(chinese.said('Run make in /home at node-1')).toBe('在 node-1 的 /home 中运行 make')
  })

  it('have all their values in every translation', () => {
    for (const [english, said] of Object.entries(known)) {
      const values = [...said.matchAll(/\{~?(\d)\}/g)].map(([, at]) => Number(at))
      expect(values.toSorted(), english).toEqual(
        english
          .split('{}')
          .slice(1)
          .map((_, index) => index),
      )
    }
  })
})
