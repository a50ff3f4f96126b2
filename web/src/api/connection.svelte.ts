/** Whether the server answers, how far its clock is from ours, and whether our sign-in still holds. */

const SKEW_THAT_MATTERS_MS = 2_000

class Connection {
  /** The last request got no answer at all. */
  offline = $state(false)
  /** The session's stream is being opened again. */
  reconnecting = $state(false)
  /** The server said 401: nobody is signed in any more. */
  signedOut = $state(false)
  /** Server's clock minus ours, in ms; 0 when they agree. */
  skewMs = $state(0)

  lost(): void {
    this.offline = true
  }

  answered(response: Response): void {
    this.offline = false
    // What the sign-in page asks says nothing of who is signed in: 401 is a wrong password, and its lists are public.
    if (!response.url.includes('/api/v1/auth/')) this.signedOut = response.status === 401
    const date = Date.parse(response.headers.get('date') ?? '')
    if (Number.isNaN(date)) return
    const skew = date - Date.now()
    this.skewMs = Math.abs(skew) > SKEW_THAT_MATTERS_MS ? skew : 0
  }
}

export const connection = new Connection()
