"""What tells that an app can be reached: the callback of its door, once, or the `app_login.info` of its script.

Both are words of a process of the user, so the node must be the one that the scheduler says: else a user's job could
have the proxy connect anywhere.
"""

from __future__ import annotations

import asyncio
import platform
import socket
from datetime import timedelta

from ink_core.apps.app_login import LOGIN_FILE, MAX_BYTES, AppLoginInvalid, digest, parse
from ink_core.apps.folder import SessionFolders
from ink_core.apps.registry import SessionNotFound, SessionRegistry
from ink_core.apps.session import AppSession, Connected
from ink_core.apps.session_file import Registration
from ink_core.apps.session_secrets import SessionSecrets
from ink_core.clock import Clock
from ink_core.compute.model import Job, JobState
from ink_core.compute.queues import Queues
from ink_core.errors import Conflict, Forbidden, InkError, Unavailable

RESOLVE_TIMEOUT_S = 5.0


class CallbackRefused(Forbidden):
    """No such session waits for this: a wrong token, a wrong node, too late, or no session at all."""

    code = "app_callback_refused"


class CallbackUsed(InkError):
    """This session has registered before; a callback counts once."""

    code = "app_callback_used"
    http_status = 410


class NodeNotKnown(Conflict):
    """The scheduler does not show the job as running yet; the same request may work in a moment."""

    code = "app_node_not_known"
    retryable = True


class Registrar:
    def __init__(
        self,
        registry: SessionRegistry,
        secrets: SessionSecrets,
        folders: SessionFolders,
        queues: Queues,
        clock: Clock,
    ) -> None:
        self._registry = registry
        self._secrets = secrets
        self._folders = folders
        self._queues = queues
        self._clock = clock
        self._at_it: set[str] = set()

    async def register(self, asked: Registration) -> None:
        """Raises `CallbackRefused`, `CallbackUsed`, `NodeNotKnown` or `Unavailable`."""
        good = self._secrets.is_callback(asked.session_id, asked.token)
        try:
            session = self._registry.get(asked.session_id)
        except SessionNotFound:
            session = None
        if not good or session is None or session.launched.connects != "door":
            raise CallbackRefused("no session waits for this callback")
        if session.session_id in self._at_it:
            raise NodeNotKnown("this session is registering already")
        self._at_it.add(session.session_id)
        try:
            await self._connect(session.session_id, asked.node, asked.port)
        finally:
            self._at_it.discard(session.session_id)

    async def read_login(self, session: AppSession, job: Job) -> None:
        """Looks for `app_login.info` of a session whose job runs. Raises `AppLoginInvalid` for one that is no good."""
        found = await self._folders.read(session.user, f"{session.launched.folder}/{LOGIN_FILE}", MAX_BYTES + 1)
        if found is None:
            return
        login, sha256 = parse(found[1]), digest(found[1])
        if session.connected is None:
            if job.node is None or not same_node(login.host, job.node):
                raise AppLoginInvalid(f"{LOGIN_FILE} names the host {login.host}, and its job runs on {job.node}")
            await self._connect(session.session_id, login.host, login.port, sha256)
            self._registry.logins[session.session_id] = login
        elif session.connected.login_sha256 == sha256:
            self._registry.logins[session.session_id] = login

    async def _connect(self, session_id: str, node: str, port: int, login_sha256: str | None = None) -> None:
        session = self._registry.get(session_id)
        if session.connected is not None:
            raise CallbackUsed("this session has registered before")
        if session.over is not None:
            raise CallbackRefused("this session is over")
        job = await self._running(session)
        late = timedelta(seconds=session.launched.start_timeout_s)
        if job.started_at is not None and self._clock.now() - job.started_at > late:
            raise CallbackRefused("this session has taken too long to start")
        if job.node is None or not same_node(node, job.node):
            raise CallbackRefused(f"the job of this session does not run on {node}")
        host = await address_of(job.node)
        await self._registry.record(
            Connected(
                session_id=session_id,
                at=self._clock.now(),
                node=node,
                host=host,
                port=port,
                login_sha256=login_sha256,
            )
        )

    async def _running(self, session: AppSession) -> Job:
        """Its job, looked for once more where the mirror is behind. Raises `NodeNotKnown`."""
        if session.job_id is None:
            raise NodeNotKnown("the submission of this session's job is not known yet")
        for fresh in (True, False):
            try:
                job = self._queues.job(session.launched.cluster, session.job_id)
                if job.state is JobState.RUNNING and job.node is not None:
                    return job
            except InkError:
                pass  # not shown yet, or nobody can tell now: asked again below
            if fresh:
                await self._queues.look(session.launched.cluster, [session.job_id])
        raise NodeNotKnown("the scheduler does not show this session's job as running yet")


def same_node(told: str, scheduled: str) -> bool:
    """Of two names of which one may lack the domain."""
    first, second = told.lower().rstrip("."), scheduled.lower().rstrip(".")
    if "." in first and "." in second:
        return first == second
    return first.partition(".")[0] == second.partition(".")[0]


async def address_of(node: str) -> str:
    """The address that the proxy connects to, IPv4 where there is one. Raises `Unavailable`."""
    if node == platform.node():
        return "127.0.0.1"
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT_S):
            found = await asyncio.get_running_loop().getaddrinfo(node, None, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError) as error:
        raise Unavailable(f"the address of the node {node} is not known here: {error}") from error
    return str(min(found, key=lambda each: each[0] != socket.AF_INET)[4][0])
