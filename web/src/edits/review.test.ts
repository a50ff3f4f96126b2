import { afterEach, expect, test, vi } from 'vitest'
import type { CallView } from '../chat/view'
import { EditReview } from './review.svelte'

/** A service with one file, which an edit has made; a digest is the text itself. */
class Service {
  file = 'agent\n'
  done: string[] = []
  conversations = new Set<string | undefined>()

  constructor() {
    vi.stubGlobal('fetch', async (_: string, init: { body: string }) => {
      const { tool, session_id } = JSON.parse(init.body)
      const result = this.#result(tool)
      this.conversations.add(session_id)
      return new Response(JSON.stringify({ status: 'done', result }), {
        headers: { 'content-type': 'application/json' },
      })
    })
  }

  #result(tool: string): unknown {
    if (tool === 'read_earlier_version') return { existed: false, text: '', after_sha256: 'agent\n' }
    if (tool === 'read_file') return { text: this.file, eof: true, sha256: this.file }
    this.done.push(tool)
    return {}
  }
}

afterEach(() => vi.unstubAllGlobals())

async function reviewed(sessionId: string | null = 's-1'): Promise<EditReview> {
  const call = {
    tool: 'write_file',
    arguments: { path: 'new.py', text: 'agent\n' },
    operationId: 'op-1',
    workerId: null,
  }
  const review = new EditReview(call as unknown as CallView, sessionId)
  await review.load()
  return review
}

test('a file that an edit has made goes to the trash when it is undone', async () => {
  const service = new Service()
  const review = await reviewed()
  for (const file of review.files ?? []) await review.undo(file)
  expect([service.done, review.error]).toEqual([['trash_file'], null])
})

test('what somebody has written since into a file that an edit had made is not thrown away', async () => {
  const service = new Service()
  const review = await reviewed()
  service.file = 'hours of work\n'
  for (const file of review.files ?? []) await review.undo(file)
  expect([service.done, review.error?.code]).toEqual([[], 'conflict'])
  await review.load()
  for (const file of review.files ?? []) await review.undo(file, 0)
  expect([service.done, review.error?.code]).toEqual([[], 'conflict'])
})

test('what is done by hand is a part of the conversation, of one that others read it is none', async () => {
  for (const [sessionId, conversations] of [
    ['s-1', [undefined, 's-1']],
    [null, [undefined]],
  ] as const) {
    const service = new Service()
    const review = await reviewed(sessionId)
    for (const file of review.files ?? []) await review.undo(file)
    expect([...service.conversations]).toEqual(conversations)
  }
})

test('what is taken of several files is written in one call, and the rest is rejected with the places', async () => {
  const asked: { tool?: string; arguments?: unknown; verdict?: string }[] = []
  vi.stubGlobal('fetch', async (_: string, init: { body: string }) => {
    const body = JSON.parse(init.body)
    asked.push(body)
    const result = body.tool === 'read_file' ? { text: 'one\n', eof: true, sha256: 'x' } : { applied: true }
    return new Response(JSON.stringify({ status: 'done', result }), { headers: { 'content-type': 'application/json' } })
  })
  const edits = [0, 1, 2].map((file) => ({ old: 'one', new: `changed ${file}`, file }))
  const approval = { verdict: 'pending', approvalId: 'ap-1', digest: 'd' }
  const call = { tool: 'patch_files', arguments: { paths: ['a', 'b', 'c'], edits }, workerId: null, approval }
  const review = new EditReview(call as unknown as CallView, null)
  await review.load()
  const first = new Set([0])
  await review.take(
    new Map([
      ['a', first],
      ['b', first],
      ['c', new Set()],
    ]),
    ({ left }) => left.join(),
  )
  expect(review.error).toBe(null)
  const [written, decided] = asked.slice(3)
  expect([written?.tool, written?.arguments]).toEqual([
    'patch_files',
    {
      paths: ['a', 'b'],
      edits: [
        { old: 'one\n', new: 'changed 0\n', file: 0 },
        { old: 'one\n', new: 'changed 1\n', file: 1 },
      ],
    },
  ])
  expect([asked.length, decided]).toEqual([5, expect.objectContaining({ verdict: 'reject', reason: 'c:1' })])
})
