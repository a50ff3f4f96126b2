"""The one error tree. Each class is one thing that can happen, with a stable code, an HTTP status and `retryable`.

Raise the error where its cause is known; the API layer turns it into an answer and the gate into a typed tool result.
"""

from __future__ import annotations


class InkError(Exception):
    """Base. `str(error)` is for people: it says what happened and what to do, and never holds a secret."""

    code: str = "internal_error"
    http_status: int = 500
    retryable: bool = False


class BadInput(InkError):
    """The request itself is wrong; sending it again unchanged cannot work."""

    code = "bad_input"
    http_status = 422


class NotFound(InkError):
    code = "not_found"
    http_status = 404


class Conflict(InkError):
    """The thing is not in the state that the request needs."""

    code = "conflict"
    http_status = 409


class Unauthenticated(InkError):
    """Nobody is signed in, or the token is unknown, expired or revoked."""

    code = "unauthenticated"
    http_status = 401


class Forbidden(InkError):
    code = "forbidden"
    http_status = 403


class Throttled(InkError):
    """Too much at once; `retry_after_s` tells how long to wait, where that is known."""

    code = "throttled"
    http_status = 429
    retryable = True

    def __init__(self, message: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unavailable(InkError):
    """Something we depend on is down or silent; the same request may work later."""

    code = "unavailable"
    http_status = 503
    retryable = True


class DeadlineExceeded(InkError):
    code = "deadline_exceeded"
    http_status = 504
    retryable = True


class TokenExpired(Unauthenticated):
    code = "token_expired"


class TokenInvalid(Unauthenticated):
    code = "token_invalid"


class AccountLocked(Unauthenticated):
    """An administrator has locked the account; its credentials count again once that is lifted."""

    code = "account_locked"


class WrongPassword(Unauthenticated):
    code = "wrong_password"


class JobNotFound(NotFound):
    """No such job in the queue or in the history that the scheduler still keeps."""

    code = "job_not_found"


class JobNotYetVisible(NotFound):
    """Submitted moments ago; the queue mirror has not seen it yet."""

    code = "job_not_yet_visible"
    retryable = True


class SchedulerDown(Unavailable):
    code = "scheduler_down"


class SchedulerRefused(BadInput):
    """The scheduler understood the request and said no; its own words are in the message."""

    code = "scheduler_refused"


class UnknownTool(NotFound):
    code = "unknown_tool"


class AgentNotConnected(Unavailable):
    """No worker agent of that user is connected, and none could be started in time."""

    code = "agent_not_connected"


class AgentGone(AgentNotConnected):
    """That worker agent has ended and does not come back: its job ended, or it was stopped."""

    code = "agent_gone"
    retryable = False


class AgentLost(Unavailable):
    """The worker's connection broke while a call was under way; its outcome is not known yet."""

    code = "agent_lost"


class AgentFault(InkError):
    """A worker agent answered with a typed fault; the fault's own code and retryability are kept."""

    code = "agent_fault"
    http_status = 400

    def __init__(self, message: str, *, code: str, retryable: bool) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable


class CannotServe(InkError):
    """The manager cannot start; the text says what is in the way and what to do."""

    code = "cannot_serve"


class SpawnRefused(Forbidden):
    """The spawner would not start a process for that user."""

    code = "spawn_refused"


class JobsUsedUp(Forbidden):
    """The token was made for a number of jobs, and fewer are left of them."""

    code = "jobs_used_up"
