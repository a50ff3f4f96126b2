"""Starts an agent as a user and reaps it when it ends. Standard library only.

The configuration, which holds the agent's one-time secret, travels in anonymous memory as standard input: it is never
in argv, in the environment or on a disk. The agent gets a session of its own and outlives the spawner.
"""

from __future__ import annotations

import json
import os
import pwd
import subprocess
from pathlib import Path
from typing import Any

from ink_core.spawner.policy import Refused, UserPolicy

MAX_PER_USER = 4
MAX_LOG_BYTES = 1024 * 1024
EARLY_S = 0.05
"""What cannot begin (no home, no module) has ended by then; waiting for it tells the user why nothing connects."""
SETPRIV = "/usr/bin/setpriv"
ENV = "/usr/bin/env"


class Launcher:
    """Starts agents of the users that `policy` allows. `log_directory` must be writable by root only."""

    def __init__(self, policy: UserPolicy, agent_python: Path, log_directory: Path | None) -> None:
        self._policy = policy
        self._python = agent_python
        self._log_directory = log_directory
        self._running: dict[str, list[subprocess.Popen[bytes]]] = {}

    def launch(self, user: str, config: dict[str, Any]) -> int:
        """Process id of the new agent. Raises `Refused` or `OSError`."""
        account = self._policy.check(user)
        self.reap()
        if len(self._running.get(user, ())) >= MAX_PER_USER:
            raise Refused(f"{user} has {MAX_PER_USER} agents here already")
        process = self._start(account, json.dumps(config).encode())
        _check_alive(process)
        self._running.setdefault(user, []).append(process)
        return process.pid

    def reap(self) -> None:
        """Collects the agents that ended."""
        alive = {user: [p for p in processes if p.poll() is None] for user, processes in self._running.items()}
        self._running = {user: processes for user, processes in alive.items() if processes}

    def _start(self, account: pwd.struct_passwd, config: bytes) -> subprocess.Popen[bytes]:
        stdin = os.memfd_create("agent-config")
        output = self._open_log(account)
        try:
            os.write(stdin, config)
            os.lseek(stdin, 0, os.SEEK_SET)
            return subprocess.Popen(
                self._command(account),
                stdin=stdin,
                stdout=output,
                stderr=output,
                cwd="/",
                env={},
                start_new_session=True,
            )
        finally:
            os.close(stdin)
            os.close(output)

    def _command(self, account: pwd.struct_passwd) -> list[str]:
        become = [SETPRIV, f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--init-groups"]
        # `env` changes the directory after the uid changed: root may not enter a home on shared storage.
        home = [ENV, f"--chdir={account.pw_dir}", "LANG=C.UTF-8"]
        agent = [str(self._python), "-I", "-m", "worker_agent", "--config", "-"]
        return [*become, "--no-new-privs", "--reset-env", "--", *home, *agent]

    def _open_log(self, account: pwd.struct_passwd) -> int:
        """The user owns the file, so that what the agent writes counts on the user's account."""
        if self._log_directory is None:
            return os.open(os.devnull, os.O_WRONLY)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        log = os.open(self._log_directory / f"{account.pw_name}.log", flags, 0o600)
        os.fchown(log, account.pw_uid, account.pw_gid)
        if os.fstat(log).st_size > MAX_LOG_BYTES:
            os.ftruncate(log, 0)
        return log


def _check_alive(process: subprocess.Popen[bytes]) -> None:
    try:
        code = process.wait(EARLY_S)
    except subprocess.TimeoutExpired:
        return
    raise Refused(f"the agent ended at once with exit code {code}; the user's home or the agent's Python is missing")
