"""One session of an app as a fold over what was recorded of it, and the pure rule by which it is over.

No secret is here: those of a session follow from its id and the site's key (`session_secrets`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from ink_core.apps.options import Chosen
from ink_core.compute.model import ENDED_STATES, Job, JobState, Value

SUBMIT_TIMEOUT_S = 600
JOB_NAME_PREFIX = "ink-app-"
"""Of the jobs of apps: the name of the app follows."""


class State(StrEnum):
    SUBMITTING = "submitting"
    QUEUED = "queued"
    STARTING = "starting"
    READY = "ready"
    ENDED = "ended"
    FAILED = "failed"
    TIMED_OUT = "timed_out"


class Launched(Value):
    """`start_timeout_s` is from the start of the job, `queue_timeout_s` from the launch."""

    kind: Literal["launched"] = "launched"
    session_id: str
    at: datetime
    app: str
    user: str
    cluster: str
    folder: str
    operation_id: str
    chosen: Chosen
    connects: Literal["door", "app_login"]
    start_timeout_s: int
    queue_timeout_s: int


class SubmittedAs(Value):
    kind: Literal["submitted"] = "submitted"
    session_id: str
    at: datetime
    job_id: str


class Connected(Value):
    """`node` is in the session's path; `host` is the address that the proxy connects to.

    `login_sha256` is of the `app_login.info` that told it.
    """

    kind: Literal["connected"] = "connected"
    session_id: str
    at: datetime
    node: str
    host: str
    port: int
    login_sha256: str | None = None


class Over(Value):
    kind: Literal["over"] = "over"
    session_id: str
    at: datetime
    state: Literal[State.ENDED, State.FAILED, State.TIMED_OUT]
    reason: str


class CleanedUp(Value):
    """Its job is not in the queue any more, and its folder holds nothing but the log of one that failed."""

    kind: Literal["cleaned_up"] = "cleaned_up"
    session_id: str
    at: datetime


Change = Annotated[Launched | SubmittedAs | Connected | Over | CleanedUp, Field(discriminator="kind")]


class AppSession(Value):
    launched: Launched
    job_id: str | None = None
    connected: Connected | None = None
    over: Over | None = None
    cleaned_up: bool = False

    @property
    def session_id(self) -> str:
        return self.launched.session_id

    @property
    def user(self) -> str:
        return self.launched.user

    @property
    def path(self) -> str | None:
        """Of the proxy; None while it cannot be reached."""
        if self.connected is None or self.over is not None:
            return None
        return f"/{self.launched.app}/{self.connected.node}/{self.connected.port}/{self.user}/"


def fold(session: AppSession | None, change: Change) -> AppSession:
    """The session after the change. The first change is `Launched`; the first end and the first connection count."""
    if isinstance(change, Launched):
        return session or AppSession(launched=change)
    if session is None:
        raise ValueError(f"session {change.session_id} does not begin with its launch")
    match change:
        case SubmittedAs():
            return session.model_copy(update={"job_id": session.job_id or change.job_id})
        case Connected():
            return session.model_copy(update={"connected": session.connected or change})
        case Over():
            return session.model_copy(update={"over": session.over or change})
        case CleanedUp():
            return session.model_copy(update={"cleaned_up": True})


def state_of(session: AppSession, job: Job | None) -> State:
    """`job` is what the queue shows of it; None while nothing is known."""
    if session.over is not None:
        return session.over.state
    if session.job_id is None:
        return State.SUBMITTING
    if session.connected is not None:
        return State.READY
    return State.STARTING if job is not None and job.state is JobState.RUNNING else State.QUEUED


def why_over(session: AppSession, job: Job | None, now: datetime, *, gone: bool = False) -> Over | None:
    """Whether the session has ended, in which way and why. `gone`: the scheduler has no such job any more."""
    if session.over is not None:
        return None
    launched = session.launched
    if session.job_id is None:
        late = now - launched.at > timedelta(seconds=SUBMIT_TIMEOUT_S)
        return _over(session, now, State.FAILED, "its job was never submitted") if late else None
    if gone:
        state = State.ENDED if session.connected else State.FAILED
        return _over(session, now, state, f"its job {session.job_id} is not in the queue any more")
    if job is None:
        return None
    if job.state in ENDED_STATES:
        return _over(session, now, _how_ended(session, job), job.reason or f"its job is {job.state.value.lower()}")
    if session.connected is not None:
        stays = job.state in (JobState.RUNNING, JobState.SUSPENDED)
        return None if stays else _over(session, now, State.ENDED, _left_its_node(job))
    if job.state is not JobState.RUNNING and now - launched.at > timedelta(seconds=launched.queue_timeout_s):
        waited = f"its job did not start within {launched.queue_timeout_s} s"
        return _over(session, now, State.TIMED_OUT, f"{waited}: {job.reason}" if job.reason else waited)
    started = job.started_at or now
    if job.state is JobState.RUNNING and now - started > timedelta(seconds=launched.start_timeout_s):
        return _over(session, now, State.TIMED_OUT, f"it did not answer within {launched.start_timeout_s} s")
    return None


def _left_its_node(job: Job) -> str:
    """Held, evicted or queued again: its port is anybody's now, so nobody may be led there any more."""
    left = f"its job has left its node and is {job.state.value.lower()}"
    return f"{left}: {job.reason}" if job.reason else left


def _how_ended(session: AppSession, job: Job) -> Literal[State.ENDED, State.FAILED, State.TIMED_OUT]:
    """A session that was open has ended when its time is over; one that never was has not come about."""
    if job.state is JobState.CANCELLED:
        return State.ENDED
    if job.state is JobState.TIMEOUT:
        return State.ENDED if session.connected else State.TIMED_OUT
    return State.ENDED if session.connected and job.state is JobState.COMPLETED else State.FAILED


def _over(
    session: AppSession, now: datetime, state: Literal[State.ENDED, State.FAILED, State.TIMED_OUT], reason: str
) -> Over:
    return Over(session_id=session.session_id, at=now, state=state, reason=reason[:2000])
