/** What the token page says of a token, and what a new one may be used for. Pure. */
import type { Token, TokenLimits } from '../api/types'

const DAY_S = 86_400

/** Lifetimes that are offered, in days; the server takes up to a year. */
export const LIFETIMES = [1, 7, 30, 90, 365]

export const seconds = (days: number): number => days * DAY_S

/** The bounds of the server. */
export const MOST_JOBS = 1_000_000
export const MOST_PER_MINUTE = 60_000

/** Only a token that submits jobs needs a number of them. */
export const maySubmit = (scopes: readonly string[]): boolean => scopes.includes('jobs:submit')

/** What an empty field says, or one that is not asked for, is: any number. */
export function limits(scopes: readonly string[], jobs: number | null, pace: number | null): TokenLimits {
  return { jobs: maySubmit(scopes) ? (jobs ?? null) : null, requests_per_minute: pace ?? null }
}

/** Tokens that still count, those that end first at the end. */
export function living(tokens: readonly Token[], now: number): Token[] {
  return tokens.filter((token) => Date.parse(token.expires_at) > now)
}

/** Scopes in the order in which they are offered: all that the user has, what only administrators have last. */
export function offered(scopes: readonly string[]): string[] {
  const special = (scope: string) => (scope.includes(':') && !/^(approvals|audit):/.test(scope) ? 0 : 1)
  return scopes.toSorted((a, b) => special(a) - special(b) || a.localeCompare(b))
}
