"""A throw-away PostgreSQL cluster for tests and benchmarks: its own directory, a unix socket, gone at the end.

Commits are flushed as in production (`fsync` stays on). Needs Debian's `postgresql` or any server on the PATH; as root
it runs as the user `postgres`, because the server refuses root. It ends with the process that started it.
"""

from __future__ import annotations

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

START_S = 30.0
SUPERUSER = "ink"
_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "32MB",
    "max_connections": "80",
    "log_min_messages": "fatal",
    "autovacuum": "off",
    "dynamic_shared_memory_type": "mmap",  # in its own directory, so that a server that is killed leaves nothing
}

_SEND_AWAY = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"


def why_no_postgresql() -> str | None:
    """The reason why no cluster can be started here, or None."""
    if _binaries() is None:
        return "there is no PostgreSQL server on this machine (scripts/install-test-tools.sh)"
    if shutil.which("setpriv") is None:
        return "there is no setpriv (util-linux), which ends the server with its starter and changes the user"
    return None


class Postgresql:
    """One running cluster. `stop` and `start` are what an outage is."""

    def __init__(self, directory: Path, binaries: Path) -> None:
        self.directory = directory
        self._binaries = binaries
        self._server: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)

    def database(self) -> str:
        """URL of a new, empty database."""
        name = f"ink{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return self.url(name)

    def emptied(self, url: str) -> str:
        """The same database as new, which takes a tenth of the time; whoever is still connected is sent away."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_SEND_AWAY)
            for (schema,) in connection.execute(_SCHEMAS).fetchall():
                connection.execute(f'DROP SCHEMA "{schema}" CASCADE'.encode())
            connection.execute("CREATE SCHEMA public")
        return url

    def url(self, database: str, user: str = SUPERUSER) -> str:
        return f"postgresql://{user}@/{database}?host={self.directory}"

    def initialise(self) -> None:
        self._run("initdb", "--auth=trust", f"--username={SUPERUSER}", "--encoding=UTF8", "--locale=C", "--no-sync",
                  "--no-instructions", "-D", str(self.directory / "data"))  # fmt: skip

    def start(self) -> None:
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        argv = ["postgres", "-D", str(self.directory / "data"), f"--unix_socket_directories={self.directory}"]
        self._server = subprocess.Popen(
            self._as_user(*argv, *settings), cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_S
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start in {self.directory} within {START_S:.0f} s")
            time.sleep(0.02)

    def stop(self) -> None:
        """At once, as a crash does: connections break, what was acknowledged stays."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(START_S)
            self._server = None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(self._as_user(program, *arguments), cwd="/", capture_output=True, timeout=120, check=True)

    def _as_user(self, program: str, *arguments: str) -> list[str]:
        identity = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        return ["setpriv", "--pdeathsig=INT", *identity, str(self._binaries / program), *arguments]


@contextmanager
def running_postgresql() -> Iterator[Postgresql]:
    """A new cluster, up; everything of it is removed at the end."""
    binaries = _binaries()
    assert binaries is not None, why_no_postgresql()
    with tempfile.TemporaryDirectory(prefix="ink-postgresql-", ignore_cleanup_errors=True) as made:
        if os.geteuid() == 0:
            shutil.chown(made, "postgres")
        cluster = Postgresql(Path(made), binaries)
        cluster.initialise()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def _binaries() -> Path | None:
    """Where the server's programs are; Debian keeps them out of the PATH, in a folder per version."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    return versions[-1].parent if versions else None
