"""The product on the development cluster, with a manager of its own that was started by `make run CLUSTER=dev`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bench.running_manager import RunningManager, free_port, start_on_cluster
from tests.acceptance.browser import Visitor
from tests.acceptance.processes import kill_manager
from tests.acceptance.waiting import until
from tests.integration.cluster.dev_cluster import DevCluster
from tests.nginx import held_port

INK = "/opt/ink/env/bin/ink"


APP_PROGRAMS = "/opt/ink/src/tests/app_programs/bin"
JSROOT = "/opt/ink/src/.venv/apps/jsroot"
"""Where the nodes see what this checkout has of apps."""


class Pool:
    """`data` is the manager's folder on the access point, `apps_port` where apps are reached on this machine."""

    def __init__(
        self, cluster: DevCluster, port: int, data: str, apps_port: int, settings: Mapping[str, Any] | None = None
    ) -> None:
        self.cluster, self.port, self.data, self.apps_port = cluster, port, data, apps_port
        apps = {
            "public_url": f"http://localhost:{self.apps_port}",
            "path": [APP_PROGRAMS],
            "environment": {"INK_JSROOT": JSROOT},
        }
        site = json.dumps({"apps": apps, **(settings or {})})
        cluster.exec("portal", ["sh", "-c", f"cat > {data}/site.yaml"], "ink", site)
        self.manager = self._start()

    @property
    def url(self) -> str:
        return self.manager.url

    def crash_and_restart(self) -> None:
        self.crash()
        self.restart()

    def crash(self) -> None:
        kill_manager(self.manager)

    def restart(self) -> None:
        self.manager = self._start()

    def as_user(self, user: str, *argv: str, stdin: str = "") -> str:
        """Output of a command on the access point."""
        return self.cluster.exec("portal", argv, user, stdin)

    def job_status(self, job: str) -> str:
        """HTCondor's own number (1 idle, 2 running, 5 held), or nothing when the job has left the queue."""
        return self.as_user("bob", "condor_q", job, "-af", "JobStatus").strip()

    def job_history(self, job: str) -> str:
        """Who ended the job and why, for the report of a failed test."""
        words = ("condor_history", job, "-limit", "1", "-af", "JobStatus", "ExitCode", "RemoveReason", "LastRemoteHost")
        return self.as_user("bob", *words).strip()

    def sleeping_job(self, user: str, visitor: Visitor) -> str:
        """A new job that its user submitted without the product, once the product's list shows it."""
        argv = ("condor_submit", "-terse", "executable=/bin/sleep", "arguments=600", "-queue", "1")
        job = self.as_user(user, *argv).split()[0]
        until(f"job {job} is in the list", lambda: job in visitor.job_ids(owner=user))
        return job

    def ink(self, *arguments: str) -> tuple[int, str]:
        """Exit code and output of the command `ink` as the service user."""
        argv = ["env", f"INK_DATA_DIR={self.data}", INK, *arguments]
        done = self.cluster.try_exec("portal", argv, "ink")
        return done.returncode, done.stdout + done.stderr

    def _start(self) -> RunningManager:
        return start_on_cluster(
            port=self.port, environment={"INK_DATA_DIR": self.data, "ARGS": f"--config {self.data}/site.yaml"}
        )


@contextmanager
def running_pool(cluster: DevCluster, settings: Mapping[str, Any] | None = None) -> Iterator[Pool]:
    """`settings` of the site, besides those of apps."""
    data = cluster.exec("portal", ["mktemp", "-d", "/var/lib/ink/acceptance.XXXXXX"], "ink").strip()
    with held_port() as apps_port:
        pool = Pool(cluster, free_port(), data, apps_port, settings)
        try:
            yield pool
        finally:
            _take_down(pool)


def _take_down(pool: Pool) -> None:
    cluster, data = pool.cluster, pool.data
    pool.manager.stop()
    # The manager in the node ends a moment after its entry on this side.
    until(f"{data} is removed", lambda: cluster.try_exec("portal", ["rm", "-rf", data], "ink").returncode == 0)
    for user in ("alice", "bob"):
        cluster.try_exec("portal", ["condor_rm", user], user)
        cluster.try_exec("portal", ["scancel", "-u", user], user)
