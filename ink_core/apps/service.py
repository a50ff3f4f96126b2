"""Sessions of apps as routes and tools see them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from ink_core.agents import Homes, UserAgents
from ink_core.apps.catalogue import AppCatalogue
from ink_core.apps.connections import AppConnections
from ink_core.apps.folder import SessionFolders
from ink_core.apps.journal import SessionJournal
from ink_core.apps.launch import AppLaunchOptions, SessionLauncher
from ink_core.apps.options import AppOptions
from ink_core.apps.register import Registrar
from ink_core.apps.registry import SessionNotFound, SessionRegistry
from ink_core.apps.session import AppSession, State, state_of
from ink_core.apps.session_secrets import SessionSecrets
from ink_core.apps.watch import SessionWatch
from ink_core.clock import Clock
from ink_core.compute.model import Value
from ink_core.compute.queues import Queues

OVER = frozenset({State.ENDED, State.FAILED, State.TIMED_OUT})
LOOK_AGAIN_S = 2.0
"""A follower hears at once what is recorded, and within this time what only the queue shows."""


class AppSessionView(Value):
    """A session now. `path` leads to it through the proxy while it is ready; `reason` is why it is not.

    `url` is the same with the proxy's address, where a site has one.

    `estimate_s` is how much longer it may take until it is ready, from how long others took on that cluster.
    """

    session_id: str
    app: str
    user: str
    cluster: str
    job_id: str | None
    state: State
    reason: str | None
    estimate_s: float | None
    node: str | None
    port: int | None
    path: str | None
    url: str | None
    folder: str
    cpus: int
    memory_mb: int
    gpus: int
    wall_time_s: int
    launched_at: datetime
    ready_at: datetime | None
    ends_at: datetime | None


class AppSessions(Protocol):
    """What the tools need."""

    @property
    def catalogue(self) -> AppCatalogue: ...

    async def launch(
        self, user: str, app: str, cluster: str, options: AppOptions, operation_id: str
    ) -> AppSessionView: ...

    async def find(self, operation_id: str) -> AppSessionView | None:
        """What this operation launched, if it did."""
        ...

    async def stop(self, user: str, session_id: str, operation_id: str) -> AppSessionView: ...

    def session(self, user: str, session_id: str) -> AppSessionView:
        """Raises `SessionNotFound`, for another's as well."""
        ...


class NoApps:
    """Where there are no apps."""

    catalogue = AppCatalogue({})

    async def launch(self, user: str, app: str, cluster: str, options: AppOptions, operation_id: str) -> AppSessionView:
        self.catalogue.get(app)
        return self.session(user, operation_id)

    async def find(self, operation_id: str) -> AppSessionView | None:
        return None

    async def stop(self, user: str, session_id: str, operation_id: str) -> AppSessionView:
        return self.session(user, session_id)

    def session(self, user: str, session_id: str) -> AppSessionView:
        raise SessionNotFound("there are no apps here")


class AppService:
    """Implements `AppSessions`; `connections` is what the proxy asks."""

    def __init__(
        self,
        catalogue: AppCatalogue,
        journal: SessionJournal,
        secrets: SessionSecrets,
        agents: UserAgents,
        homes: Homes,
        queues: Queues,
        clock: Clock,
        options: AppLaunchOptions,
        apps_url: str | None = None,
    ) -> None:
        """`apps_url` is the address of the proxy for apps, without a path."""
        self.catalogue = catalogue
        self._apps_url = apps_url
        self._clock, self._secrets, self._options = clock, secrets, options
        self._folders = SessionFolders(agents)
        self._registry = SessionRegistry(journal, secrets)
        self._launcher = SessionLauncher(self._registry, catalogue, secrets, agents, homes, queues, clock, options)
        registrar = Registrar(self._registry, secrets, self._folders, queues, clock)
        self._watch = SessionWatch(self._registry, self._launcher, registrar, self._folders, queues, clock)
        self.connections: AppConnections = self._registry
        self.register = registrar.register
        self.look = self._watch.look
        self.recover = self._registry.recover

    async def launch(self, user: str, app: str, cluster: str, options: AppOptions, operation_id: str) -> AppSessionView:
        return self._view(await self._launcher.launch(user, app, cluster, options, operation_id))

    async def find(self, operation_id: str) -> AppSessionView | None:
        found = await self._launcher.find(operation_id)
        return self._view(found) if found else None

    async def stop(self, user: str, session_id: str, operation_id: str) -> AppSessionView:
        return self._view(await self._launcher.stop(self._registry.owned(user, session_id), operation_id))

    def session(self, user: str, session_id: str) -> AppSessionView:
        return self._view(self._registry.owned(user, session_id))

    def sessions(self, user: str) -> Sequence[AppSessionView]:
        """Newest first."""
        return [self._view(session) for session in self._registry.of(user)]

    async def follow(self, user: str, session_id: str) -> AsyncGenerator[AppSessionView]:
        """The session now and each time it has changed, until it is over."""
        shown: AppSessionView | None = None
        while shown is None or shown.state not in OVER:
            now = self.session(user, session_id)
            if shown is None or now != shown.model_copy(update={"estimate_s": now.estimate_s}):
                yield (shown := now)
            else:
                await self._registry.news(LOOK_AGAIN_S)

    def of_job(self, user: str, cluster: str, job_id: str) -> AppSessionView | None:
        """The user's session that this job runs."""
        found = (each for each in self._registry.of(user) if each.job_id == job_id)
        session = next((each for each in found if each.launched.cluster == cluster), None)
        return self._view(session) if session else None

    def ready_jobs(self, user: str) -> frozenset[tuple[str, str]]:
        """Cluster and id of the jobs whose sessions the user can open now."""
        ready = (each for each in self._registry.of(user) if each.path is not None)
        return frozenset((each.launched.cluster, each.job_id) for each in ready if each.job_id is not None)

    def credential(self, user: str, session_id: str) -> str | None:
        """What the page of one's own app may ask for: its own token or password; never the secret of the door."""
        session = self._registry.owned(user, session_id)
        if login := self._registry.logins.get(session_id):
            return login.token or login.passwd
        app = session.launched.app
        signs_in = app in self.catalogue and self.catalogue.get(app).manifest.sign_in is not None
        return self._secrets.sign_in(session_id) if signs_in and session.over is None else None

    def site_files(self, app: str, folder: str) -> Mapping[str, bytes]:
        """What the site gives to a session of the app in this folder, by name; nothing for most."""
        make = self._options.site_files.get(app)
        return make(folder) if make else {}

    async def log_end(self, user: str, session_id: str) -> str:
        """The end of what the app of one's own session has said; empty once its folder is gone."""
        session = self._registry.owned(user, session_id)
        return await self._folders.log_end(user, session.launched.folder)

    def _view(self, session: AppSession) -> AppSessionView:
        launched, connected = session.launched, session.connected
        job, _ = self._watch.job_of(session)
        state = state_of(session, job)
        ends = job.started_at + timedelta(seconds=launched.chosen.wall_time_s) if job and job.started_at else None
        return AppSessionView(
            session_id=session.session_id,
            app=launched.app,
            user=session.user,
            cluster=launched.cluster,
            job_id=session.job_id,
            state=state,
            reason=session.over.reason if session.over else self._why_not_ready(session, job and job.reason),
            estimate_s=self._estimate_s(session, state),
            node=connected.node if connected else (job.node if job else None),
            port=connected.port if connected else None,
            path=session.path,
            url=self._apps_url + session.path if self._apps_url and session.path else None,
            folder=launched.folder,
            cpus=launched.chosen.cpus,
            memory_mb=launched.chosen.memory_mb,
            gpus=launched.chosen.gpus,
            wall_time_s=launched.chosen.wall_time_s,
            launched_at=launched.at,
            ready_at=connected.at if connected else None,
            ends_at=None if session.over else ends,
        )

    def _why_not_ready(self, session: AppSession, queued: str | None) -> str | None:
        if session.connected is not None:
            return None
        return self._watch.complaints.get(session.session_id) or queued

    def _estimate_s(self, session: AppSession, state: State) -> float | None:
        usual = self._registry.usual_wait_s(session.launched.cluster)
        if usual is None or state not in (State.SUBMITTING, State.QUEUED, State.STARTING):
            return None
        return max(0.0, usual - (self._clock.now() - session.launched.at).total_seconds())
