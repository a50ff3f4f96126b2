"""Who a scheduler takes this process for: the kernel's user, whatever the environment says."""

from __future__ import annotations

import os
import pwd

from ink_core.errors import SchedulerRefused


def own_user() -> str:
    """Raises `SchedulerRefused` for a uid without an account."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        raise SchedulerRefused(f"the uid {os.getuid()} has no account on this machine") from None
