"""On which cores the processes of this benchmark run: all on all, or the manager apart from those that ask it.

Who asks a server is on other machines, and where both share two cores a wait tells of the clients as well. So `apart`
gives the manager the first core, together with what is compared with it, and everything else the others: clients,
agents and this process. Linux; what is started later runs where the thread does that starts it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from bench.joblens.processes import children

_ALL = frozenset(os.sched_getaffinity(0))
Place = Callable[[Sequence[int]], None]
"""Puts the benchmark's processes, of which those given are the servers."""


def together(servers: Sequence[int]) -> None:
    _put((os.getpid(), *_descendants(os.getpid())), _ALL)


def apart(servers: Sequence[int]) -> None:
    first = frozenset({min(_ALL)})
    _put((os.getpid(), *_descendants(os.getpid())), _ALL - first)
    _put(servers, first)


def placements() -> dict[str, Place]:
    """By name; a machine of one core has nothing to put apart."""
    return {"together": together, "apart": apart} if len(_ALL) > 1 else {"together": together}


def processor_seconds(pid: int) -> float:
    """What all its threads took until now, without its children (`proc_pid_stat(5)`: utime and stime)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _descendants(pid: int) -> Iterator[int]:
    for child in children(pid):
        yield child
        yield from _descendants(child)


def _put(pids: Iterable[int], cores: frozenset[int]) -> None:
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").glob("*"):
            with suppress(ProcessLookupError):  # it has ended
                os.sched_setaffinity(int(thread.name), cores)
