"""What is asked of the user's agent about a ROOT file."""

from __future__ import annotations

from pydantic import Field

from worker_agent.protocol import Wire

SUMMARY = "root.summary"


class OfRootFile(Wire):
    """Arguments of `root.summary`. `path` as in `files.read`."""

    path: str = Field(min_length=1, max_length=4096)


class RootBranch(Wire):
    """A branch of a tree, or a field of an RNTuple. `type` is C++'s; empty where it is not told."""

    name: str
    type: str


class RootTree(Wire):
    """`branches` are the first ones; `more` says how many others there are."""

    entries: int
    branches: tuple[RootBranch, ...]
    more: int


class RootAxis(Wire):
    """An edge that is no finite number is null."""

    bins: int
    low: float | None
    high: float | None


class RootHistogram(Wire):
    """`contents` of a one-dimensional one, without under- and overflow; neighbours are added up where there are many.

    A content that is no finite number is null.
    """

    title: str
    entries: float | None
    axes: tuple[RootAxis, ...]
    contents: tuple[float | None, ...]


class RootKey(Wire):
    """`path` goes through directories by `/` and ends in the cycle. `unread` says why an object was not looked into."""

    path: str
    class_name: str
    tree: RootTree | None = None
    histogram: RootHistogram | None = None
    unread: str = ""


class RootSummary(Wire):
    """In the order of the file; `truncated` where it holds more keys than are told."""

    keys: tuple[RootKey, ...]
    truncated: bool
