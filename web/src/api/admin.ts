/** What administrators manage: accounts, and everybody's tokens. */
import { request } from './request'
import type { Token } from './types'

const base = '/api/v1'
const part = encodeURIComponent

export type Account = {
  username: string
  is_admin: boolean
  disabled: boolean
  created_at: string
  scopes: string[]
  groups: string[]
  permissions: string[]
}
export type NewAccount = { username: string; password: string | null; is_admin: boolean }
export type AccountChange = { is_admin?: boolean; disabled?: boolean; scopes?: string[] }
export type Group = { name: string; description: string; permissions: string[]; scopes: string[] }
export type NewGroup = { name: string; description: string; permissions: string[]; scopes: string[] }
export type OwnedToken = Token & { username: string }

function query(q: string, cursor: string | null): string {
  const parameters = new URLSearchParams({ q, limit: '50' })
  if (cursor !== null) parameters.set('cursor', cursor)
  return parameters.toString()
}

export const accounts = (q: string, cursor: string | null) =>
  request<{ users: Account[]; next_cursor: string | null }>(`${base}/users?${query(q, cursor)}`)
export const account = (name: string) => request<Account>(`${base}/users/${part(name)}`)
export const createAccount = (body: NewAccount) => request<Account>(`${base}/users`, { method: 'POST', body })
export const changeAccount = (name: string, body: AccountChange) =>
  request<Account>(`${base}/users/${part(name)}`, { method: 'PATCH', body })
export const deleteAccount = (name: string) => request<void>(`${base}/users/${part(name)}`, { method: 'DELETE' })
export const signInLink = (name: string) =>
  request<{ url: string; expires_at: string }>(`${base}/admin/users/${part(name)}/sign-in-link`, { method: 'POST' })

export const groups = () => request<Group[]>(`${base}/groups`)
export const createGroup = (body: NewGroup) => request<Group>(`${base}/groups`, { method: 'POST', body })
export const setMember = (group: string, name: string, isMember: boolean) =>
  request<void>(`${base}/groups/${part(group)}/members/${part(name)}`, { method: isMember ? 'PUT' : 'DELETE' })

export const allTokens = (q: string, cursor: string | null) =>
  request<{ tokens: OwnedToken[]; next_cursor: string | null }>(`${base}/admin/tokens?${query(q, cursor)}`)
export const revokeTokenOf = (one: OwnedToken) =>
  request<void>(`${base}/admin/tokens/${part(one.username)}/${part(one.id)}`, { method: 'DELETE' })
