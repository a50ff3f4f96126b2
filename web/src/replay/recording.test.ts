import { expect, test } from 'vitest'
import type { AuditEvent } from '../api/audit'
import { asStreamed, Folded } from './recording'

const event = (seq: number, kind: string, body: AuditEvent['body']): AuditEvent => ({
  chain: 'session:s',
  seq,
  kind,
  time: '2026-03-01T09:30:00Z',
  actor: null,
  tool: null,
  call_id: null,
  body,
  erased: false,
  hash: '',
})

const told = [
  event(1, 'session.opened', { owner: 'alice', title: 'T', worker_id: null, model: 'm', trust: 'site' }),
  event(2, 'user.message', { text: 'hi', by: 'alice' }),
  event(3, 'model.asked', { turn: 1, model: 'm' }),
  event(4, 'model.replied', { turn: 1, text: 'Hello.', calls: [], prompt_tokens: 1, completion_tokens: 1 }),
].map(asStreamed)

test('a recording is folded forth and back to the same views', () => {
  const folded = new Folded(told)
  const kinds = (count: number) => folded.after(count).items.map((item) => item.kind)
  expect([kinds(4), kinds(2), kinds(4)]).toEqual([['user', 'reply'], ['user'], ['user', 'reply']])
  expect(folded.after(1).title).toBe('T')
})
