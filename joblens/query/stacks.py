"""In which calls a job spent its CPU time while the newest capture looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ink_core.identity.principal import Principal
from joblens.captures.capture import Detail
from joblens.query.lens import Lens
from joblens.query.processes import LATE_S, MAX_CAPTURES, MAX_PAGES, PAGE
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

    Limits: of very many samples those beyond `MAX_PAGES` pages are not looked at, nor captures before the last five;
    of calls that differ those beyond `MOST_TEXT` characters are not told.
    """
    summary = await lens.summary(principal, key)
    captures = [each for each in await lens.captures(principal, key) if Detail.STACKS in each.details]
    for capture in captures[:MAX_CAPTURES]:
        end = min(capture.until if capture.ended is None else capture.ended, summary.last_seen) + LATE_S
        start = capture.begun
        if found := await lens.store.ask(lambda store, start=start, end=end: _seen(store, key, start, end)):
            return found
    return ()


def _seen(store: TraceStore, key: JobKey, start: float, end: float) -> Sequence[SeenStack]:
    samples, cpu_ns = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    cursor: str | None = None
    left = MOST_TEXT
    for _ in range(MAX_PAGES):
        page = store.raw(key, start=start, end=end, collectors=("stack",), limit=PAGE, cursor=cursor)
        for record in page.rows:
            place = str(record.data["name"]), str(record.data["frames"])
            left -= 0 if place in samples else sum(map(len, place))
            if left < 0 and place not in samples:
                continue
            samples[place] += int(record.data["samples"])
            cpu_ns[place] += int(record.data["cpu_ns"])
        cursor = page.next_cursor
        if cursor is None:
            break
    return [
        SeenStack(name, tuple(frames.split(";")), count, cpu_ns[name, frames])
        for (name, frames), count in samples.most_common()
    ]
