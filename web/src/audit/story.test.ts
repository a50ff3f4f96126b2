import { expect, test } from 'vitest'
import type { AuditEvent } from '../api/audit'
import { gist, story } from './story'

const event = (kind: string, body: AuditEvent['body']): AuditEvent => ({
  chain: 'session:s',
  seq: 1,
  kind,
  time: '2026-03-01T09:30:00Z',
  actor: null,
  tool: null,
  call_id: 'c',
  body,
  erased: false,
  hash: 'h',
})

test('the policy that decided is told rule by rule', () => {
  const decision = {
    rule: 'reads',
    trace: [
      ['many', 'targets_over'],
      ['reads', 'matched'],
    ],
  }
  const [step] = story([event('call.proposed', { principal: 'alice', arguments: { path: 'a' }, decision })])
  expect(step).toMatchObject({
    trace: [
      ['many', 'targets_over'],
      ['reads', 'matched'],
    ],
    facts: [{ name: 'by', value: 'alice' }],
    content: [{ name: 'arguments', value: { path: 'a' } }],
  })
})

test('how a step went is told by its colour', () => {
  const tones = story([
    event('approval.decided', { verdict: 'approved' }),
    event('approval.decided', { verdict: 'rejected' }),
    event('call.outcome', { status: 'done' }),
    event('call.outcome', { status: 'indeterminate' }),
    event('call.refused', { code: 'denied' }),
  ]).map((step) => step.tone)
  expect(tones).toEqual(['good', 'bad', 'good', 'warn', 'bad'])
})

test('a body of any form makes a step', () => {
  expect(story([event('call.proposed', { decision: 'x', arguments: {}, reason: 5 })])[0]).toMatchObject({
    trace: [],
    content: [],
  })
})

test('the gist of an event is short and on one line', () => {
  expect(gist(event('user.message', { text: `two\nlines ${'x'.repeat(500)}` }))).toMatch(/^two lines x{190}$/)
})
