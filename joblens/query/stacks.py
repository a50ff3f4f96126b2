"""In which calls a job spent its CPU time while the newest capture looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ink_core.identity.principal import Principal
from joblens.captures.capture import Detail
from joblens.query.captured import Window, of_newest_capture, records
from joblens.query.lens import Lens
from joblens.records import JobKey
from joblens.store.trace_store import TraceStore

MOST_TEXT = 8_000_000
"""Characters of the calls that are told apart in one answer."""


class SeenStack(NamedTuple):
    """Of all processes of this name, on all hosts. `frames` are calls, the outermost first."""

    process: str
    frames: tuple[str, ...]
    samples: int
    cpu_ns: int


async def latest_stacks(lens: Lens, principal: Principal, key: JobKey) -> Sequence[SeenStack]:
    """Of the newest capture that saw any, those seen most first. Raises as `Lens.summary`.

    Limit: of calls that differ those beyond `MOST_TEXT` characters are not told.
    """
    return await of_newest_capture(lens, principal, key, Detail.STACKS, lambda store, over: _seen(store, key, over))


def _seen(store: TraceStore, key: JobKey, over: Window) -> Sequence[SeenStack]:
    samples, cpu_ns = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    left = MOST_TEXT
    for record in records(store, key, "stack", over):
        place = str(record.data["name"]), str(record.data["frames"])
        left -= 0 if place in samples else sum(map(len, place))
        if left < 0 and place not in samples:
            continue
        samples[place] += int(record.data["samples"])
        cpu_ns[place] += int(record.data["cpu_ns"])
    return [
        SeenStack(name, tuple(frames.split(";")), count, cpu_ns[name, frames])
        for (name, frames), count in samples.most_common()
    ]
