"""How an agent ends, as its exit code: what the batch system and the spawner see.

Limits: an unforeseen Python error ends with 1 and a traceback.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    DONE = 0
    """It was asked to shut down, or was idle for as long as its configuration allows."""
    BAD_CONFIG = 2
    REFUSED = 3
    """The manager does not want this worker: used or foreign token, other version, other user."""
    UNREACHABLE = 4
    """There was no connection to the manager for `reconnect_for_s`."""
    TERMINATED = 143
    """SIGTERM, SIGINT or SIGHUP."""
