"""`quota.show`: what the user may store, and what counts against it."""

from __future__ import annotations

from worker_agent.protocol.wire import Wire


class QuotaShow(Wire):
    """Arguments of `quota.show`; the result is a `Quota` of the file system that holds the workspace."""


class QuotaLimits(Wire):
    """What the file system's own quota says of the user. None as a limit: unlimited. Sizes in bytes."""

    used_bytes: int
    soft_bytes: int | None
    hard_bytes: int | None
    used_files: int
    soft_files: int | None
    hard_files: int | None


class Quota(Wire):
    """`limits` is None where no quota is set or told, and `said` says which. Sizes in bytes.

    `home_bytes` counts the whole workspace; `trash_bytes` and `staged_bytes` (unfinished uploads) are the parts of it
    that can be freed at once. `complete`: the tree was counted to its end.
    """

    mount: str
    file_system: str
    total_bytes: int
    free_bytes: int
    limits: QuotaLimits | None
    said: str
    home_bytes: int
    trash_bytes: int
    staged_bytes: int
    entries: int
    complete: bool
