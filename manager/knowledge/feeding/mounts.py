"""How full the file systems are that the manager's host mounts. One that hangs is told to be silent, and holds nobody.

Looked at are network file systems, and whatever holds the directories that the settings name.
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, wait
from pathlib import Path

from ink_core.clock import Clock
from knowledge_graph.changes import Observation
from knowledge_graph.ingest.mounts import Mount, Space, facts_of_mounts
from manager.knowledge.knowledge import Knowledge

DEADLINE_S = 5.0
MOST_MOUNTS = 200
MOUNTS = Path("/proc/self/mounts")
NETWORK = re.compile(r"nfs4?|cifs|smb3|lustre|ceph|beegfs|gpfs|glusterfs|afs|9p|fuse\.(?!portal|gvfs|snapfuse)\S+")
_ESCAPED = re.compile(r"\\([0-7]{3})")

Measure = Callable[[str], Space]


def space_of(point: str) -> Space:
    """Blocks where the file system hangs. Raises `OSError`."""
    found = os.statvfs(point)
    return Space(found.f_blocks * found.f_frsize, found.f_bavail * found.f_frsize, found.f_files, found.f_favail)


class MountsFeeding:
    """`directories` are looked at wherever they lie. `look` is to be called once a minute, one at a time."""

    def __init__(
        self,
        directories: Iterable[Path],
        host: str,
        knowledge: Knowledge,
        clock: Clock,
        measure: Measure = space_of,
        mounts: Path = MOUNTS,
    ) -> None:
        self._directories = [*directories]
        self._host, self._knowledge, self._clock = host, knowledge, clock
        self._measure, self._mounts = measure, mounts
        self._asked: dict[str, Future[Space]] = {}

    async def look(self) -> None:
        seen = await asyncio.to_thread(self._seen)
        facts = facts_of_mounts(seen, self._host, self._clock.now())
        await self._knowledge.observe(Observation(f"mounts@{self._host}", [*facts]))

    def _seen(self) -> Sequence[Mount]:
        """All are asked at once and waited for together; one that hangs is not asked again before it has answered."""
        types = of_interest(self._mounts.read_text("utf-8", "replace"), self._directories)
        asked = {point: self._asked.get(point) or self._ask(point) for point in types}
        _, hanging = wait(asked.values(), timeout=DEADLINE_S)
        self._asked = {point: answer for point, answer in asked.items() if answer in hanging}
        return [
            Mount(point, types[point], None if answer in hanging else answer.result())
            for point, answer in asked.items()
            if answer in hanging or answer.exception() is None
        ]

    def _ask(self, point: str) -> Future[Space]:
        """In a thread of its own, which the end of the process does not wait for."""
        answer = Future[Space]()
        threading.Thread(target=self._measured, args=(point, answer), daemon=True, name="statvfs").start()
        return answer

    def _measured(self, point: str, answer: Future[Space]) -> None:
        try:
            answer.set_result(self._measure(point))
        except OSError as error:
            answer.set_exception(error)


def of_interest(mounts: str, directories: Iterable[Path]) -> Mapping[str, str]:
    """Types of file systems by mount point, from the text of `/proc/self/mounts`; of one mounted twice the last."""
    lines = (line.split(" ") for line in mounts.splitlines())
    types = {_unescaped(line[1]): line[2] for line in lines if len(line) > 2}
    wanted = {point for point, kind in types.items() if NETWORK.fullmatch(kind)}
    wanted |= {point for directory in directories if (point := _holding(directory, types))}
    return {point: types[point] for point in sorted(wanted)[:MOST_MOUNTS]}


def _holding(directory: Path, points: Iterable[str]) -> str | None:
    return max((point for point in points if directory.is_relative_to(point)), key=len, default=None)


def _unescaped(text: str) -> str:
    """The kernel writes blanks and backslashes as octal numbers; see getmntent(3)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), text)
