"""What goes wrong with foreign MCP servers."""

from __future__ import annotations

from ink_core.errors import BadInput, Conflict, DeadlineExceeded, NotFound, Unavailable


class ForeignServerDown(Unavailable):
    """It is not connected: it does not answer, ended, or was left alone for a while because it failed."""

    code = "foreign_server_down"


class ForeignServerLost(DeadlineExceeded):
    """The connection broke while a call was under way, so that no answer will come."""

    code = "foreign_server_lost"


class ForeignAnswerUnreadable(DeadlineExceeded):
    """It answered with something that is no result; what it did is not known."""

    code = "foreign_answer_unreadable"
    retryable = False


class ForeignCallRefused(BadInput):
    """The server would not take the call; its own words are in the message."""

    code = "foreign_call_refused"


class DefinitionChanged(Conflict):
    """The server defines the tool otherwise than it was accepted; it is not used before somebody accepts that."""

    code = "definition_changed"


class UnfitDefinition(BadInput):
    """A tool that cannot be offered here, whoever would accept it."""

    code = "unfit_definition"


class NoSuchServer(NotFound):
    code = "no_such_server"
