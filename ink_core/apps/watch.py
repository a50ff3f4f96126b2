"""Looks after sessions: ends those whose job has ended or whose time is over, and cleans up after them.

Each look is at all that are unfinished; what fails is tried again later, one session's trouble delays no other.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from ink_core.apps.app_login import AppLoginInvalid
from ink_core.apps.folder import SessionFolders
from ink_core.apps.launch import SessionLauncher
from ink_core.apps.register import Registrar
from ink_core.apps.registry import SessionRegistry
from ink_core.apps.session import SUBMIT_TIMEOUT_S, AppSession, CleanedUp, Over, State, why_over
from ink_core.clock import Clock
from ink_core.compute.model import ENDED_STATES, Job, JobState
from ink_core.compute.queues import Queues
from ink_core.errors import InkError, JobNotFound

log = logging.getLogger(__name__)
AGAIN_S = 60.0
GIVE_UP_S = 7 * 86_400.0
AT_ONCE = 8


class SessionWatch:
    def __init__(
        self,
        registry: SessionRegistry,
        launcher: SessionLauncher,
        registrar: Registrar,
        folders: SessionFolders,
        queues: Queues,
        clock: Clock,
    ) -> None:
        self._registry = registry
        self._launcher = launcher
        self._registrar = registrar
        self._folders = folders
        self._queues = queues
        self._clock = clock
        self._not_before: dict[str, datetime] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self.complaints: dict[str, str] = {}
        """What is wrong with the `app_login.info` of a session that starts."""

    async def look(self) -> None:
        sessions = self._registry.unfinished()
        known = {session.session_id for session in sessions}
        for kept in (self._not_before, self.complaints):
            for gone in kept.keys() - known:
                del kept[gone]
        await asyncio.gather(*(self._look_at(session) for session in sessions if self._is_due(session)))

    def job_of(self, session: AppSession) -> tuple[Job | None, bool]:
        """What the queue shows of its job, and whether there is certainly none."""
        if session.job_id is None:
            return None, False
        try:
            return self._queues.job(session.launched.cluster, session.job_id), False
        except JobNotFound:
            return None, True
        except InkError:
            return None, False  # nobody can tell now

    def _may_be_submitted(self, session: AppSession) -> bool:
        """Stopped while its launch was under way: the job may come yet, and must be removed then."""
        young = self._clock.now() - session.launched.at < timedelta(seconds=SUBMIT_TIMEOUT_S)
        return young and session.over is not None and session.over.state is State.ENDED

    def _is_due(self, session: AppSession) -> bool:
        return self._clock.now() >= self._not_before.get(session.session_id, session.launched.at)

    async def _look_at(self, session: AppSession) -> None:
        async with self._room:
            try:
                job, gone = self.job_of(session)
                if over := why_over(session, job, self._clock.now(), gone=gone):
                    if detail := self.complaints.get(session.session_id) or await self._said(session, over):
                        over = over.model_copy(update={"reason": f"{over.reason}: {detail}"[:2000]})
                    session = await self._registry.record(over)
                if session.over is not None:
                    await self._clean_up(session, job)
                elif job is not None and job.state is JobState.RUNNING and self._awaits_login(session):
                    await self._read_login(session, job)
            except InkError as error:
                self._not_before[session.session_id] = self._clock.now() + timedelta(seconds=AGAIN_S)
                log.warning("session %s: %s: %s", session.session_id, error.code, error)
                await self._give_up_late(session)

    async def _said(self, session: AppSession, over: Over) -> str | None:
        """Why the door of a session that never opened could not offer it. One that was open is over at once."""
        if over.state is not State.FAILED or session.job_id is None or session.connected is not None:
            return None
        with suppress(InkError):
            return await self._folders.door_said(session.user, session.launched.folder)
        return None

    def _awaits_login(self, session: AppSession) -> bool:
        return session.launched.connects == "app_login" and session.session_id not in self._registry.logins

    async def _read_login(self, session: AppSession, job: Job) -> None:
        try:
            await self._registrar.read_login(session, job)
        except AppLoginInvalid as error:
            self.complaints[session.session_id] = str(error)

    async def _give_up_late(self, session: AppSession) -> None:
        """What cannot be cleaned up for days belongs to a user or a cluster that is no more."""
        over = session.over
        if over is not None and self._clock.now() - over.at > timedelta(seconds=GIVE_UP_S):
            log.error(
                "session %s is not cleaned up: its folder %s may be left", session.session_id, session.launched.folder
            )
            await self._registry.record(CleanedUp(session_id=session.session_id, at=self._clock.now()))

    async def _clean_up(self, session: AppSession, job: Job | None) -> None:
        """First the job, and once it has ended what it has written."""
        assert session.over is not None, "only what is over is cleaned up"
        if session.job_id is None and (found := await self._launcher.find(session.launched.operation_id)):
            session, job = found, self.job_of(found)[0]
        if session.job_id is None and self._may_be_submitted(session):
            return
        if session.job_id is not None and job is not None and job.state not in ENDED_STATES:
            await self._launcher.remove_job(session, session.job_id, f"app-{secrets.token_hex(12)}")
            job = self.job_of(session)[0]
            if job is not None and job.state not in ENDED_STATES:
                return
        keep_log = session.over is not None and session.over.state is not State.ENDED
        await self._folders.empty(session.user, session.launched.folder, keep_log=keep_log)
        await self._registry.record(CleanedUp(session_id=session.session_id, at=self._clock.now()))
