import { expect, test } from 'vitest'
import { ApiError } from '../api/request'
import { shareConfirmed } from './sharing'

const unconfirmed = new ApiError('sharing_unconfirmed', 'bob would see data of alice', false, 409)

function guarded(): { tried: (string | undefined)[]; share: (shows?: string) => Promise<void> } {
  const tried: (string | undefined)[] = []
  return {
    tried,
    share: async (shows) => {
      tried.push(shows)
      if (shows === undefined) throw unconfirmed
    },
  }
}

test('what would be seen is asked before it is shared', async () => {
  const { tried, share } = guarded()
  const asked: string[] = []
  const done = await shareConfirmed(share, 'user', async (what) => asked.push(what) > 0)
  expect([done, asked, tried]).toEqual([true, ['bob would see data of alice'], [undefined, 'user']])
})

test('a no shares nothing', async () => {
  const { tried, share } = guarded()
  expect(await shareConfirmed(share, 'user', async () => false)).toBe(false)
  expect(tried).toEqual([undefined])
})

test('any other refusal is one', async () => {
  const refused = new ApiError('not_the_owner', 'no', false, 403)
  await expect(
    shareConfirmed(
      () => Promise.reject(refused),
      'user',
      async () => true,
    ),
  ).rejects.toBe(refused)
})
