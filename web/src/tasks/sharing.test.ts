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
  const triedBefore: number[] = []
  const done = await shareConfirmed(share, 'user', async () => triedBefore.push(tried.length) > 0)
  expect([done, triedBefore, tried]).toEqual([true, [1], [undefined, 'user']])
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
