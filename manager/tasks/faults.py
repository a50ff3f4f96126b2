"""What can be in the way of what somebody wants of a task."""

from __future__ import annotations

from ink_core.errors import BadInput, Conflict, Forbidden, NotFound, Throttled


class TaskNotFound(NotFound):
    """There is none of that id, it is closed, or one is no member of it: the three look alike from outside."""

    code = "task_not_found"


class NotYourTask(Forbidden):
    """Only the owner of a task says who is a member and what may be spent."""

    code = "not_your_task"


class WatchesTask(Forbidden):
    """A member who watches does not add conversations or findings."""

    code = "watches_task"


class SharingUnconfirmed(Conflict):
    """Others would see data that are more than scratch: whoever shares them says that they know."""

    code = "sharing_unconfirmed"


class SharedBefore(Conflict):
    code = "session_shared_before"


class TooManyTasks(Throttled):
    code = "too_many_tasks"
    retryable = False


class TooManyMembers(Throttled):
    code = "too_many_members"
    retryable = False


class BadWorkspace(BadInput):
    code = "bad_workspace"
