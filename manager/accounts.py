"""How portal users map to users of the operating system, and who starts processes as them."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Callable
from pathlib import Path

from ink_core.errors import SpawnRefused
from ink_core.plugins import hookable
from ink_core.settings import Settings
from ink_core.spawner.client import DirectSpawner, SocketSpawner, Spawner
from manager.workers.agents import Accounts


class OsAccounts:
    """Every portal user is the user of that name of the operating system."""

    def __init__(self, workspace_of: Callable[[str], str]) -> None:
        self._workspace_of = workspace_of

    def uid(self, user: str) -> int:
        return _entry(user).pw_uid

    def home(self, user: str) -> str:
        return os_home(user)

    def workspace(self, user: str) -> str:
        return self._workspace_of(user)


class SharedAccount:
    """Embedded default without root: all portal users run under the manager's own uid, each in a directory of its own.

    That separates well-meaning users, not hostile ones; a site uses `OsAccounts`.
    """

    def __init__(self, workspace_of: Callable[[str], str]) -> None:
        self._workspace_of = workspace_of

    def uid(self, user: str) -> int:
        return os.getuid()

    def home(self, user: str) -> str:
        return self.workspace(user)

    def workspace(self, user: str) -> str:
        directory = self._workspace_of(user)
        if not os.path.isdir(directory):
            Path(directory).mkdir(mode=0o700, parents=True, exist_ok=True)
        return directory


@hookable
def os_home(user: str) -> str:
    """Absolute path of the home on the access point. Raises `SpawnRefused` for who has no account there."""
    return _entry(user).pw_dir


def users_of(settings: Settings) -> tuple[Accounts, Spawner]:
    """Real users through the privileged spawner, or everybody under the manager's own uid (embedded default)."""
    python = settings.agents.python or Path(sys.executable)
    if settings.spawner.kind == "socket":
        return OsAccounts(settings.workspace_of), SocketSpawner(settings.spawner.socket)
    return SharedAccount(settings.workspace_of), DirectSpawner(python, settings.data_dir / "agents")


def _entry(user: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(user)
    except KeyError as error:
        raise SpawnRefused(f"{user} has no account on this access point; ask an administrator for one") from error
