import { expect, test } from 'vitest'
import type { DurableEvent, SessionEvent } from '../api/events'
import { reduce } from './reduce'
import { emptyView, type View } from './view'

const time = '2026-01-01T00:00:00Z'
let next = 1
const event = (kind: string, body: object): DurableEvent => ({ kind, seq: next++, time, ...body }) as DurableEvent
const delta = (offset: number, text: string, turn = 1): SessionEvent => ({ kind: 'delta', turn, offset, text })
const opened = () => {
  next = 1
  return [
    event('session.opened', { owner: 'alice', title: 'T', worker_id: 'w-1', model: 'm', trust: 'site' }),
    event('user.message', { text: 'hello', by: 'alice' }),
    event('model.asked', { turn: 1, model: 'm' }),
  ]
}
const replied = (text: string, calls: object[] = []) =>
  event('model.replied', { turn: 1, text, calls, prompt_tokens: 10, completion_tokens: 2, finish: 'stop' })
const fold = (events: SessionEvent[], view: View = emptyView) => events.reduce(reduce, view)
const proposed = (id: string) =>
  event('call.proposed', {
    call_id: id,
    tool: 'list_jobs',
    arguments: { owner: 'alice' },
    principal: 'alice',
    origin: 'model',
    risk: 'read',
  })
const requested = (id: string) =>
  event('approval.requested', {
    call_id: id,
    approval_id: `a-${id}`,
    tool: 'remove_jobs',
    arguments: {},
    requester: 'alice',
    risk: 'high',
    rule: 'r',
    reason: 'why',
    digest: 'd',
    preview: { summary: 's', targets: ['1'], owners: ['bob'], details: [], undo: null },
    expires_at: time,
  })
const callOf = (view: View) => {
  const item = view.items.find((one) => one.kind === 'call')
  if (item?.kind !== 'call') throw new Error('no call')
  return item
}

test('a terminal is readable from when that is allowed until it is taken back', () => {
  const terminal = { worker_id: 'w', terminal_id: 't', by: 'alice' }
  const started = opened()
  const on = event('terminal.readable', { ...terminal, on: true })
  const off = event('terminal.readable', { ...terminal, on: false })
  expect(fold([...started, on]).readable).toEqual([{ workerId: 'w', terminalId: 't', by: 'alice' }])
  expect(fold([...started, on, off]).readable).toEqual([])
})

test('a conversation shows the message, the reply being written, and then the reply', () => {
  const asked = fold(opened())
  expect(asked).toMatchObject({ title: 'T', workerId: 'w-1', trust: 'site', running: true, asking: true })
  const writing = fold([delta(0, 'Hel'), delta(3, 'lo')], asked)
  expect(writing.live?.text).toBe('Hello')
  const done = fold([replied('Hello.'), event('turn.ended', { turn: 1, reason: 'answered', detail: '' })], writing)
  expect(done).toMatchObject({ live: null, running: false, promptTokens: 10, completionTokens: 2 })
  expect(done.items.map((item) => item.kind)).toEqual(['user', 'reply'])
})

test('an event that was seen before changes nothing', () => {
  const events = opened()
  const view = fold(events)
  expect(fold(events, view)).toBe(view)
})

test('one who joins late gets the text so far and goes on from there', () => {
  const asked = fold(opened())
  expect(fold([delta(0, 'so far '), delta(7, 'and on')], asked).live?.text).toBe('so far and on')
})

test('a piece that comes twice or overlaps is not doubled', () => {
  const asked = fold(opened())
  expect(fold([delta(0, 'abc'), delta(3, 'def'), delta(3, 'def')], asked).live?.text).toBe('abcdef')
  expect(fold([delta(0, 'abc'), delta(2, 'cdef')], asked).live?.text).toBe('abcdef')
})

test('a piece that leaves a gap is dropped until the whole text comes', () => {
  const asked = fold(opened())
  const gap = fold([delta(0, 'abc'), delta(9, 'xyz')], asked)
  expect(gap.live?.text).toBe('abc')
  expect(fold([delta(0, 'abcdefghixyz')], gap).live?.text).toBe('abcdefghixyz')
})

test('offsets count characters as the server does, also beyond the basic plane', () => {
  const asked = fold(opened())
  expect(fold([delta(0, '😀😀'), delta(2, ' ok')], asked).live?.text).toBe('😀😀 ok')
})

test('a piece that comes after its reply was told is late and not shown again', () => {
  const done = fold([...opened(), replied('Hello.')])
  expect(fold([delta(0, 'Hello.')], done).live).toBeNull()
})

test('what was read of a stopped reply stays readable', () => {
  const stopped = fold([
    ...opened(),
    delta(0, 'half an'),
    event('turn.ended', { turn: 1, reason: 'stopped', detail: '' }),
  ])
  expect(stopped.items.map((item) => item.kind)).toEqual(['user', 'reply', 'end'])
  expect(stopped.running).toBe(false)
})

test('a call goes from proposed to done and keeps its output, result and duration', () => {
  const running = fold([
    ...opened(),
    replied('', [{ id: 'm1', tool: 'list_jobs', arguments: {}, raw: '{}' }]),
    proposed('c1'),
    event('call.intent', { call_id: 'c1', operation_id: 'o', acting_as: 'alice', worker_id: null, approval_id: null }),
    { kind: 'output', call_id: 'c1', stream: 'stdout', text: 'line\n' },
  ])
  expect(callOf(running)).toMatchObject({ status: 'running', output: 'line\n', actingAs: 'alice', risk: 'read' })
  const done = fold(
    [event('call.outcome', { call_id: 'c1', status: 'done', result: { total: 1 }, duration_ms: 5, label: {} })],
    running,
  )
  expect(callOf(done)).toMatchObject({ status: 'done', result: { total: 1 }, durationMs: 5 })
})

test('who of several persons has approved is counted, and an event that nobody here knows changes nothing', () => {
  const waiting = fold([...opened(), proposed('c1'), requested('c1')])
  const given = fold([event('approval.given', { call_id: 'c1', approval_id: 'a-c1', by: 'ada' })], waiting)
  expect(callOf(given)).toMatchObject({ status: 'waiting', approval: { verdict: 'pending', given: ['ada'] } })
  const attempt = event('approval.refused', { call_id: 'c1', approval_id: 'a-c1', by: 'eve', code: 'not_an_approver' })
  expect(callOf(fold([attempt], given))).toEqual(callOf(given))
})

test('a call that sent out a sub-agent shows what waits for approval below it, until that is decided', () => {
  const one = { delegate: 'c1', session_id: 's2', profile: 'operations', tool: 'remove_jobs', risk: 'high' }
  const waits = fold([
    ...opened(),
    proposed('c1'),
    event('subagent.waits', { ...one, approval_id: 'a1', child_call_id: 'c2' }),
  ])
  expect(waits.items.filter((item) => item.kind === 'call')).toHaveLength(1)
  expect(callOf(waits).below).toEqual([
    { approvalId: 'a1', sessionId: 's2', profile: 'operations', tool: 'remove_jobs' },
  ])
  expect(callOf(fold([event('subagent.goes_on', { delegate: 'c1', approval_id: 'a1' })], waits)).below).toEqual([])
})

test('a call that waits for approval shows the request, and then the decision and its reason', () => {
  const waiting = fold([...opened(), proposed('c1'), requested('c1')])
  expect(callOf(waiting)).toMatchObject({ status: 'waiting', risk: 'high', approval: { verdict: 'pending' } })
  const rejected = fold(
    [
      event('approval.decided', { call_id: 'c1', approval_id: 'a-c1', verdict: 'rejected', by: 'admin', reason: 'no' }),
      event('call.refused', { call_id: 'c1', code: 'rejected', message: 'Rejected: no' }),
    ],
    waiting,
  )
  expect(callOf(rejected)).toMatchObject({
    status: 'refused',
    error: { code: 'rejected' },
    approval: { verdict: 'rejected', decidedBy: 'admin', decidedReason: 'no' },
  })
})

test('arguments that the model wrote badly are shown as they came', () => {
  const view = fold([...opened(), replied('', [{ id: 'm1', tool: 'x', arguments: null, raw: '{oops' }])])
  expect(view.items.at(-1)).toMatchObject({ kind: 'unreadable', raw: '{oops' })
})

test('a model that fails is told with its code', () => {
  const failed = fold([
    ...opened(),
    event('model.failed', { turn: 1, code: 'model_unreachable', message: 'No answer.', retryable: true }),
  ])
  expect(failed.items.at(-1)).toMatchObject({ kind: 'failure', error: { code: 'model_unreachable' } })
})

test('only the end of a very long output is kept', () => {
  const running = fold([...opened(), proposed('c1')])
  const long = fold([{ kind: 'output', call_id: 'c1', stream: 'stdout', text: 'x'.repeat(200_000) }], running)
  expect(callOf(long).output).toHaveLength(64 * 1024)
})

test('a session gets another title and another worker', () => {
  const changed = fold([...opened(), event('session.changed', { title: 'New' })])
  expect(changed).toMatchObject({ title: 'New', workerId: 'w-1' })
  expect(fold([event('session.changed', { worker_id: null })], changed)).toMatchObject({ title: 'New', workerId: null })
})

test('a request whose call was refused meanwhile can no longer be decided', () => {
  const refused = fold([
    ...opened(),
    proposed('c1'),
    requested('c1'),
    event('call.refused', { call_id: 'c1', code: 'gone', message: 'The worker has ended.' }),
  ])
  expect(callOf(refused)).toMatchObject({ status: 'refused', approval: { verdict: 'closed' } })
})

test('a turn that reached its budget is no longer thinking, and its card closes when the budget is raised', () => {
  const asked = { turn: 1, account: 'session s1', measures: ['tokens'], limits: { tokens: 100 }, message: 'why' }
  const waiting = fold([...opened(), event('model.asked', { turn: 1, model: 'm' }), event('budget.asked', asked)])
  expect(waiting).toMatchObject({ running: true, asking: false })
  expect(waiting.items.at(-1)).toMatchObject({ kind: 'budget', open: true, limits: { tokens: 100 } })
  const raised = fold([...opened(), event('budget.asked', asked), event('budget.raised', { turn: 1, by: 'alice' })])
  expect(raised.items.at(-1)).toMatchObject({ kind: 'budget', open: false })
})

test('a step that needs another model is shown with the offer, and the session is then with that model', () => {
  const needed = {
    model: 'm',
    trust: 'external',
    tool: 'read_file',
    message: 'why',
    offer: { name: 's', trust: 'site' },
  }
  const view = fold([
    ...opened(),
    event('session.trust_change_needed', needed),
    event('session.changed', { model: 's', trust: 'site' }),
  ])
  expect(view.items.at(-1)).toMatchObject({ kind: 'trust', message: 'why', model: 'm', offer: { name: 's' } })
  expect(view).toMatchObject({ model: 's', trust: 'site', title: 'T' })
})
