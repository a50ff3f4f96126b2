"""The environment variables of what the agent starts: the agent's own, with a home directory that exists and
a character set.

Limits: variables are names and values without NUL; what they mean to a program is the user's business.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping

from worker_agent.sandbox import Sandbox

_ANOTHER_TERMINALS = ("LINES", "COLUMNS")
"""Full-screen programs believe them more than their own terminal, and then never follow its window."""
_NO_LOGIN = {"nologin", "false", "sync", "halt", "shutdown"}


def child_environment(sandbox: Sandbox, directory: str, extra: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in _ANOTHER_TERMINALS}
    if not os.path.isdir(inherited.get("HOME", "")):  # a container without the home directory
        inherited["HOME"] = sandbox.path
    inherited.setdefault("PATH", os.defpath)
    if not inherited.keys() & {"LANG", "LC_ALL", "LC_CTYPE"}:  # a batch job: names of files are UTF-8 all the same
        inherited["LANG"] = "C.UTF-8"
    inherited["PWD"] = sandbox.absolute(directory)
    return {**inherited, **extra}


def login_shell() -> str:
    """The account's shell if it is there and lets one in, else bash, else sh."""
    try:
        shell = pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:
        shell = ""
    usable = (name for name in (shell, "/bin/bash") if os.path.basename(name) not in _NO_LOGIN)
    return next((name for name in usable if name and os.access(name, os.X_OK)), "/bin/sh")
