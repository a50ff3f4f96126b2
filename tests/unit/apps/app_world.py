"""Sessions of apps over a queue in memory and the real file methods of an agent in a directory."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from ink_core.agents import AccessPoint
from ink_core.apps.catalogue import AppCatalogue, load_apps
from ink_core.apps.journal import MemoryJournal
from ink_core.apps.launch import AppLaunchOptions
from ink_core.apps.openclaw import site_files as openclaw
from ink_core.apps.options import AppOptions
from ink_core.apps.service import AppService, AppSessionView
from ink_core.apps.session_file import SESSION_FILE, Registration
from ink_core.apps.session_secrets import SessionSecrets
from ink_core.clock import ManualClock
from ink_core.compute.model import Job, JobState
from ink_core.errors import AgentNotConnected
from ink_core.settings import ModelSettings
from mcp_tools.doubles import NOW, MemoryAgents, MemoryQueues, MemoryScheduler
from skills.catalogue import LIBRARY
from tests.unit.mcp_tools.conftest import WorkspaceAgent

NODE = platform.node()
SCRIPT = "#!/bin/sh\n"
MANIFEST = """
version: 1
title: {en: Old, zh: Old}
description: {en: An existing script., zh: An existing script.}
command: [start.sh]
files: [start.sh]
connects: app_login
resources:
  cpus: {default: 1, least: 1, most: 2}
  memory_mb: {default: 512, least: 256, most: 1024}
  wall_time_s: {default: 3600, least: 60, most: 7200}
"""


class Homes:
    def __init__(self, root: Path) -> None:
        self._root = root

    def home(self, user: str) -> str:
        return str(self._root / user)


class LosingScheduler(MemoryScheduler):
    """While the agent is away, nobody knows what became of what was asked of it."""

    is_away = False

    async def answer(self, method: str, arguments: Mapping[str, JsonValue], operation_id: str) -> JsonValue:
        if self.is_away:
            raise AgentNotConnected("the agent went away")
        return await super().answer(method, arguments, operation_id)


class AppWorld:
    """Alice's home, her agent, one pool, and a site with one app of an existing script, `old`."""

    def __init__(self, root: Path) -> None:
        self.home = root / "alice"
        self.home.mkdir()
        site = root / "apps" / "old"
        site.mkdir(parents=True)
        (site / "manifest.yaml").write_text(MANIFEST)
        (site / "start.sh").write_text(SCRIPT)
        self.clock = ManualClock(NOW)
        self.models = [ModelSettings(name="qwen", base_url="http://llm.example/v1", model="qwen3", trust="site")]
        self.queues = MemoryQueues({"pool": []})
        self.agent = WorkspaceAgent(self.home)
        alice = AccessPoint("alice")
        self.scheduler = LosingScheduler(self.queues, "alice")
        self.agents = MemoryAgents({alice: self.agent}, {alice: self.scheduler})
        self.homes, self.journal, self.catalogue = Homes(root), MemoryJournal(), load_apps(site.parent)
        self.apps = self.started()

    def started(self, catalogue: AppCatalogue | None = None) -> AppService:
        """A manager as it is after a start, with nothing in memory."""
        options = AppLaunchOptions(
            "http://manager/api/v1/apps/callback",
            "/usr/bin/python3",
            ("/opt/apps/bin",),
            {"INK_JSROOT": "/opt/apps/jsroot"},
            3,
            {openclaw.NAME: lambda folder: openclaw.site_files(self.models, folder, "https://apps.example", LIBRARY)},
        )
        secrets = SessionSecrets(b"key" * 11)
        return AppService(
            catalogue or self.catalogue,
            self.journal,
            secrets,
            self.agents,
            self.homes,
            self.queues,
            self.clock,
            options,
        )

    async def restarted(self) -> AppService:
        self.apps = self.started()
        await self.apps.recover()
        return self.apps

    async def launch(self, app: str = "jupyter", operation_id: str = "operation-1", **options: Any) -> AppSessionView:
        return await self.apps.launch("alice", app, "pool", AppOptions(**options), operation_id)

    def now(self, session: AppSessionView) -> AppSessionView:
        return self.apps.session("alice", session.session_id)

    def job(self, session: AppSessionView) -> Job:
        assert session.job_id is not None
        return self.queues.jobs["pool"][session.job_id]

    def change_job(self, session: AppSessionView, **changes: Any) -> None:
        job = self.job(session)
        self.queues.jobs["pool"][job.job_id] = job.model_copy(update=changes)

    def run_job(self, session: AppSessionView, node: str = NODE) -> None:
        self.change_job(session, state=JobState.RUNNING, node=node, started_at=self.clock.now())

    def told(self, session: AppSessionView) -> dict[str, Any]:
        """What its job is told."""
        return json.loads((Path(session.folder) / SESSION_FILE).read_text())

    def registration(self, session: AppSessionView, **changes: Any) -> Registration:
        token = self.told(session)["callback_token"]
        return Registration(**{"session_id": session.session_id, "token": token, "node": NODE, "port": 40000} | changes)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AppWorld]:
    yield AppWorld(tmp_path)
