"""Who this process is, is the kernel's to say."""

from __future__ import annotations

import os
import pwd

import pytest

from ink_core.compute.own_user import own_user


def test_the_environment_makes_nobody_another_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert own_user() == pwd.getpwuid(os.getuid()).pw_name
