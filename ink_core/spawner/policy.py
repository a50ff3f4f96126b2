"""For whom the spawner starts a process: real, unprivileged users with a login shell. Standard library only."""

from __future__ import annotations

import pwd
import re
from dataclasses import dataclass

NO_LOGIN = frozenset({"nologin", "false", "sync", "shutdown", "halt"})
USERNAME = re.compile(r"[a-z_][a-z0-9_-]{0,31}")


class Refused(Exception):
    """The request is not granted; the text is for the caller."""


@dataclass(frozen=True)
class UserPolicy:
    """Bounds are inclusive. `no_login` allows accounts that cannot log in (service accounts)."""

    lowest_uid: int
    highest_uid: int
    no_login: bool = False

    def check(self, name: str) -> pwd.struct_passwd:
        """The account of that name. Raises `Refused`."""
        if not USERNAME.fullmatch(name):
            raise Refused("that is not a username")
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            raise Refused(f"the system has no user {name}") from None
        if account.pw_name != name:
            raise Refused(f"the system knows {name} by another name")
        if account.pw_uid == 0 or account.pw_gid == 0:
            raise Refused("nothing is started as root")
        if not self.lowest_uid <= account.pw_uid <= self.highest_uid:
            raise Refused(f"uid {account.pw_uid} is not between {self.lowest_uid} and {self.highest_uid}")
        if not self.no_login and account.pw_shell.rpartition("/")[2] in NO_LOGIN:
            raise Refused(f"{name} has no login shell")
        return account
