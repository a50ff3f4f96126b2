"""Names of the public JobLens for what is recorded: aliases, paths in a record, and which collector has them. Pure.

Source: the documentation of its query service (fields of its collectors, aliases of its registry).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from joblens.api.public.errors import BadQuery


class Alias(NamedTuple):
    """`collector` is empty for what every record has."""

    path: str
    type: str
    collector: str


ALIASES: Mapping[str, Alias] = {
    "cpu": Alias("data.summary.cpuPercent", "float", "cpumem"),
    "mem": Alias("data.summary.mem_rss_kb", "long", "cpumem"),
    "mem_peak": Alias("data.summary.mem_peak_rss_kb", "long", "cpumem"),
    "name": Alias("data.summary.name", "keyword", "cpumem"),
    "io_bytes": Alias("data.summary.read_bytes", "long", "io"),
    "host": Alias("host", "keyword", ""),
    "time": Alias("time", "date", ""),
}
SHORT = ("cpu", "mem", "name", "io_bytes")
"""Aliases that a record shows beside its fields."""
COLLECTORS: Mapping[str, str] = {
    "cpumem": "CPU time, memory, threads and processes",
    "io": "Reads and writes, with the files",
    "net": "Network traffic, with the connections",
    "gpu": "Cards and what the job uses of them",
    "power": "Energy",
}
SUFFIX = "_collector"
SUMMARY_NAME = "JOB-SUMMARY"


def collectors_of(text: str) -> Sequence[str]:
    """All where none is named. Raises `BadQuery`."""
    names = [word.strip().removesuffix(SUFFIX) for word in text.split(",") if word.strip()]
    if unknown := sorted(set(names) - set(COLLECTORS)):
        raise BadQuery(f"there is no collector {unknown[0][:40]!r}; there are {', '.join(COLLECTORS)}")
    return list(dict.fromkeys(names)) or list(COLLECTORS)


def path_of(name: str) -> str:
    """The path that an alias stands for; any other name is one itself."""
    alias = ALIASES.get(name)
    return alias.path if alias else name.removesuffix(".keyword")


def collectors_with(name: str) -> Sequence[str]:
    """Those whose records may have it."""
    alias = ALIASES.get(name)
    return [alias.collector] if alias and alias.collector else list(COLLECTORS)


def value_at(record: Mapping[str, Any], path: str) -> Any:
    """None where the record has nothing there."""
    value: Any = record
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = cast("Mapping[str, Any]", value).get(part)
    return value


def flattened(data: Mapping[str, Any], prefix: str = "data") -> dict[str, Any]:
    """Leaves by their dotted paths; a list is a leaf."""
    flat: dict[str, Any] = {}
    for name, value in data.items():
        path = f"{prefix}.{name}"
        if isinstance(value, Mapping):
            flat |= flattened(cast("Mapping[str, Any]", value), path)
        else:
            flat[path] = value
    return flat
