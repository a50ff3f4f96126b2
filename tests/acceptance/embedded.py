"""The product on the embedded default, with a data folder of its own: no root, no cluster, no model."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from bench.running_manager import Client, RunningManager, free_port, start_embedded
from tests.acceptance.processes import end_processes_writing_to, kill_manager
from tests.acceptance.waiting import until

INK = Path(sys.executable).with_name("ink")
ACCOUNTS = {"first_accounts": [{"username": "alice"}, {"username": "bob"}, {"username": "admin", "is_admin": True}]}


class Embedded:
    """`settings` is a site overlay on top of the accounts, `environment` what the operator has set besides."""

    def __init__(self, folder: Path, settings: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.data = folder / "data"
        self.overlay = folder / "site.yaml"
        self.overlay.write_text(yaml.safe_dump({"sign_in": ACCOUNTS, **settings}))
        self.port = free_port()
        self.manager = self._start()

    @property
    def url(self) -> str:
        return self.manager.url

    def workspace(self, user: str) -> Path:
        return self.data / "home" / user

    def link(self, user: str) -> str:
        """A fresh one-time link, made on the command line."""
        code, said = self.ink("user", "link", user)
        assert code == 0, said
        return said.strip()

    def sign_in(self, user: str) -> Client:
        """By the link that the start printed, which serves once and needs no process; else by a fresh one."""
        http = httpx2.Client(base_url=self.url, headers={"Origin": self.url}, timeout=60)
        for link in (self.manager.link, self.link):
            answer = http.get(link(user))
            if http.cookies:
                break
        assert answer.status_code == 303 and http.cookies, answer.text
        return Client(http)

    def crash(self) -> None:
        kill_manager(self.manager)

    def restart(self) -> None:
        self.manager = self._start()

    def ink(self, *arguments: str, stdin: str = "") -> tuple[int, str]:
        """Exit code and output of the command `ink` on this installation."""
        environment = {**os.environ, "INK_DATA_DIR": str(self.data)}  # where the manager is, it finds there
        done = subprocess.run(
            [INK, *arguments], env=environment, input=stdin, capture_output=True, text=True, timeout=180, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def run_worker(self, config: Path) -> tuple[int, str]:
        """Exit code and output of a worker agent that is started by hand."""
        argv = [sys.executable, "-I", "-m", "worker_agent", "--config", str(config)]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=180, check=False)
        return done.returncode, done.stdout + done.stderr

    def _start(self) -> RunningManager:
        # A home without the profile files of whoever runs the tests: terminals are login shells.
        environment = {"ARGS": f"--config {self.overlay}", "HOME": str(self.overlay.parent), **self._environment}
        return start_embedded(self.data, port=self.port, environment=environment)


def job(client: Client, job_id: str) -> dict[str, Any]:
    return client.get(f"/jobs/local/{job_id}")


def sleeping_job(client: Client) -> str:
    """A new job of this user that runs."""
    submitted = client.call("submit_job", {"script": "/bin/sleep", "arguments": ["600"]})
    (job_id,) = submitted["job_ids"]
    until(f"job {job_id} runs", lambda: job(client, job_id)["state"] == "RUNNING")
    return job_id


@contextmanager
def running_embedded(
    folder: Path, settings: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[Embedded]:
    """Jobs and agents outlive the manager by design, so they are ended here."""
    embedded = Embedded(folder, settings or {}, environment or {})
    try:
        yield embedded
    finally:
        embedded.manager.stop()
        end_processes_writing_to(folder)


Site = Callable[[Path], AbstractContextManager[Mapping[str, Any]]]
"""Settings of an installation in this folder, with whatever they name running meanwhile."""


def as_it_comes(folder: Path) -> AbstractContextManager[Mapping[str, Any]]:
    return nullcontext({})


def embedded_fixture(site: Site = as_it_comes) -> Any:
    """A fixture of a module: one installation for all its tests."""

    @pytest.fixture(scope="module", name="embedded")
    def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
        folder = tmp_path_factory.mktemp("embedded")
        with site(folder) as settings, running_embedded(folder, settings) as running:
            yield running

    return embedded


def client_fixture(user: str) -> Any:
    """A fixture of a module that has `embedded`: this user, signed in."""

    @pytest.fixture(scope="module", name=user)
    def client(embedded: Embedded) -> Iterator[Client]:
        signed_in = embedded.sign_in(user)
        yield signed_in
        signed_in.http.close()

    return client
