"""Launches a session: writes its folder, then submits its job, both as the user; and stops one.

The job's argv names an interpreter, the door and `session.json`; what is secret is in that file and nowhere else.
"""

from __future__ import annotations

import asyncio
import hashlib
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ink_core.agents import Homes, UserAgents
from ink_core.apps.catalogue import App, AppCatalogue
from ink_core.apps.folder import ERRORS, JOBS_DIRECTORY, OUTPUT, SessionFolders
from ink_core.apps.manifest import put
from ink_core.apps.options import AppOptions, chosen, inputs_of
from ink_core.apps.registry import SessionRegistry
from ink_core.apps.session import JOB_NAME_PREFIX, AppSession, Launched, Over, State, SubmittedAs
from ink_core.apps.session_file import DOOR_FILE, SESSION_FILE, SessionFile
from ink_core.apps.session_secrets import SessionSecrets
from ink_core.clock import Clock
from ink_core.compute.model import ENDED_STATES, JobAction, JobSpec, Submitted
from ink_core.compute.queues import Queues, make_known
from ink_core.compute.remote import RemoteJobControl
from ink_core.errors import InkError, SchedulerRefused, Throttled

SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
SiteFiles = Callable[[str], Mapping[str, bytes]]
DOOR = Path(__file__).with_name(DOOR_FILE)


class TooManySessions(Throttled):
    code = "too_many_app_sessions"
    retryable = False


@dataclass(frozen=True)
class AppLaunchOptions:
    """`python` runs the door on the nodes; `path` comes before the system's directories of programs.

    `callback_ca` (PEM) are the authorities that the manager's certificate is checked by; None means the node's.
    `environment` is that of all apps, over that of their manifests.
    `site_files`: by app, what makes the files that the site gives to a session besides, from the session's folder.
    """

    callback_url: str
    python: str
    path: tuple[str, ...]
    environment: Mapping[str, str] = field(hash=False)
    max_sessions: int
    site_files: Mapping[str, SiteFiles] = field(default_factory=dict[str, "SiteFiles"], hash=False)
    callback_ca: str | None = None


class SessionLauncher:
    def __init__(
        self,
        registry: SessionRegistry,
        catalogue: AppCatalogue,
        secrets: SessionSecrets,
        agents: UserAgents,
        homes: Homes,
        queues: Queues,
        clock: Clock,
        options: AppLaunchOptions,
    ) -> None:
        self._registry = registry
        self._catalogue = catalogue
        self._secrets = secrets
        self._agents = agents
        self._folders = SessionFolders(agents)
        self._homes = homes
        self._queues = queues
        self._clock = clock
        self._options = options
        self._entering = asyncio.Lock()

    async def launch(self, user: str, app: str, cluster: str, options: AppOptions, operation_id: str) -> AppSession:
        """Raises `AppNotFound`, `BadInput` or `TooManySessions`, and what the agent or the scheduler says."""
        known = self._catalogue.get(app)
        inputs = inputs_of(known.manifest, options, self._homes.home(user))
        launched = self._launched(user, known, cluster, options, operation_id)
        async with self._entering:  # whoever finds room has taken it before the next one looks
            self._check_room(user)
            await self._registry.record(launched)
        try:
            await self._folders.make(user, launched.folder, self._files(known, launched, inputs))
        except InkError as error:
            await self._registry.record(self._end(launched.session_id, State.FAILED, str(error)))
            raise
        try:
            submitted = await self._control(cluster).submit(user, self._job(known, launched, inputs), operation_id)
        except InkError as error:
            if not error.retryable:
                await self._registry.record(self._end(launched.session_id, State.FAILED, str(error)))
            raise
        return await self._submitted(launched.session_id, submitted)

    async def find(self, operation_id: str) -> AppSession | None:
        """What this operation launched, if it did."""
        session = self._registry.by_operation(operation_id)
        if session is None or session.job_id is not None:
            return session
        found = await self._control(session.launched.cluster).find_operation(session.user, operation_id)
        return await self._submitted(session.session_id, found) if found else None

    async def stop(self, session: AppSession, operation_id: str) -> AppSession:
        """Ends it, so that nobody is led to its port any more, and then removes its job; the rest is cleaned up soon.

        Raises `SchedulerRefused` when the job stays for now: it is tried again until it is gone.
        """
        if session.over is not None:
            return session
        ended = await self._registry.record(self._end(session.session_id, State.ENDED, "it was stopped"))
        if ended.job_id is not None:
            await self.remove_job(ended, ended.job_id, operation_id)
        return ended

    async def remove_job(self, session: AppSession, job_id: str, operation_id: str) -> None:
        """Raises `SchedulerRefused` when the job stays; one that has ended by itself is as good as removed."""
        cluster = session.launched.cluster
        removed = await self._control(cluster).act(
            session.user, JobAction.REMOVE, [job_id], "session of an app ended", operation_id
        )
        await self._queues.look(cluster, [job_id])
        if removed.refused and not self._has_ended(cluster, job_id):
            raise SchedulerRefused(f"the job {job_id} was not removed: {removed.refused[job_id]}")

    # -- inside ------------------------------------------------------------------------------------------------------

    def _has_ended(self, cluster: str, job_id: str) -> bool:
        try:
            return self._queues.job(cluster, job_id).state in ENDED_STATES
        except InkError:
            return True

    def _check_room(self, user: str) -> None:
        if len([session for session in self._registry.of(user) if session.over is None]) >= self._options.max_sessions:
            raise TooManySessions(f"you have {self._options.max_sessions} sessions of apps; stop one of them first")

    def _launched(self, user: str, app: App, cluster: str, options: AppOptions, operation_id: str) -> Launched:
        # The id follows from the operation, so that repeating a launch after a crash is about the same session.
        session_id = hashlib.sha256(f"app {operation_id}".encode()).hexdigest()[:32]
        now = self._clock.now()
        stamp = f"{now:%Y%m%d-%H%M%S}-{session_id[:6]}"
        return Launched(
            session_id=session_id,
            at=now,
            app=app.name,
            user=user,
            cluster=cluster,
            folder=f"{self._homes.home(user)}/{JOBS_DIRECTORY}/{app.name}-{stamp}",
            operation_id=operation_id,
            chosen=chosen(app.manifest, options),
            connects=app.manifest.connects,
            start_timeout_s=app.manifest.start_timeout_s,
            queue_timeout_s=app.manifest.queue_timeout_s,
        )

    def _files(self, app: App, launched: Launched, inputs: Mapping[str, str]) -> dict[str, tuple[bytes, int]]:
        files = {name: (content, 0o700) for name, content in app.files.items()}
        if app.name in self._options.site_files:
            given = self._options.site_files[app.name](launched.folder)
            files |= {name: (content, 0o600) for name, content in given.items()}
        if launched.connects == "door":
            told = self._session_file(app, launched, inputs).model_dump_json().encode()
            files |= {DOOR_FILE: (DOOR.read_bytes(), 0o600), SESSION_FILE: (told, 0o600)}
        return files

    def _session_file(self, app: App, launched: Launched, inputs: Mapping[str, str]) -> SessionFile:
        manifest, session_id = app.manifest, launched.session_id
        home = self._homes.home(launched.user)
        values = {**inputs, "home": home}
        environment = {name: put(text, values) for name, text in manifest.environment.items()}
        environment |= self._options.environment
        sign_in = self._secrets.sign_in(session_id)
        if manifest.sign_in is not None:
            environment[manifest.sign_in] = sign_in
        return SessionFile(
            session_id=session_id,
            app=app.name,
            user=launched.user,
            command=tuple(put(word, values) for word in manifest.command),
            environment={**self._surroundings(launched.user, home), **environment},
            directory=home,
            listens=manifest.listens,
            strip_prefix=manifest.strip_prefix,
            ready_path=manifest.ready_path,
            start_timeout_s=manifest.start_timeout_s,
            idle_timeout_s=manifest.idle_timeout_s,
            secret=self._secrets.door(session_id),
            app_headers={
                **dict.fromkeys(manifest.withheld, ""),
                **({"Authorization": f"Bearer {sign_in}"} if manifest.sign_in else {}),
            },
            callback_url=self._options.callback_url,
            callback_ca=self._options.callback_ca,
            callback_token=self._secrets.callback(session_id),
        )

    def _surroundings(self, user: str, home: str) -> dict[str, str]:
        return {"PATH": ":".join((*self._options.path, *SYSTEM_PATH)), "HOME": home, "USER": user, "LOGNAME": user}

    def _job(self, app: App, launched: Launched, inputs: Mapping[str, str]) -> JobSpec:
        executable, *arguments = (self._options.python, "-I", DOOR_FILE, SESSION_FILE)
        environment: dict[str, str] = {}
        if launched.connects == "app_login":
            home = self._homes.home(launched.user)
            values = {**inputs, "home": home, "folder": launched.folder}
            executable, *arguments = (put(word, values) for word in app.manifest.command)
            environment = {name: put(text, values) for name, text in app.manifest.environment.items()}
            environment = {**self._surroundings(launched.user, home), **environment, **self._options.environment}
        return JobSpec(
            executable=posixpath.join(launched.folder, executable),
            arguments=tuple(arguments),
            working_directory=launched.folder,
            name=f"{JOB_NAME_PREFIX}{app.name}",
            stdout=OUTPUT,
            stderr=ERRORS,
            environment=environment,
            **launched.chosen.model_dump(),
        )

    async def _submitted(self, session_id: str, submitted: Submitted) -> AppSession:
        session = await self._registry.record(
            SubmittedAs(session_id=session_id, at=self._clock.now(), job_id=submitted.job_ids[0])
        )
        await make_known(self._queues, submitted)
        return session

    def _end(self, session_id: str, state: State, reason: str) -> Over:
        assert state in (State.ENDED, State.FAILED), "what ends here was stopped or has failed"
        return Over(session_id=session_id, at=self._clock.now(), state=state, reason=reason[:2000])

    def _control(self, cluster: str) -> RemoteJobControl:
        return RemoteJobControl(self._agents, cluster)
