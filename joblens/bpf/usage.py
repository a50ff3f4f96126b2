"""Reader of what `usage.bpf.c` tells after a pass: what each process tree has used, as the kernel laid it out."""

from __future__ import annotations

from ctypes import sizeof
from struct import Struct
from typing import NamedTuple

from joblens.bpf import layout
from joblens.bpf.clocks import boot_time
from joblens.bpf.traffic import Figures
from joblens.collector.probes.probe import Usage
from joblens.row_maker import row_maker

_BESIDE: int = layout.Usage.other_read.offset
_USAGE = Struct(f"=21Q?7xQ{sizeof(layout.Usage) - _BESIDE}x")
_FOR_FILES = Struct(f"={_BESIDE}x10Q")
_as_usage = row_maker(Usage)


class Tree(NamedTuple):
    """One that is told of, with what readers of files need besides."""

    usage: Usage
    other_read: int  # by calls on what is no regular file
    other_written: int
    other_files: Figures  # beyond the bound
    rings: Figures  # by io_uring, booked on files as well


def usages(told: bytes) -> list[Usage]:
    """Of all trees. Those of tasks that ended since the pass began are not counted twice: they are in the next."""
    return [_with_end(usage) if usage.ended else usage for usage in map(_as_usage, _USAGE.iter_unpack(told))]


def trees(told: bytes, of: list[Usage]) -> list[Tree]:
    """`of`: the usages of the same telling."""
    besides = _FOR_FILES.iter_unpack(told)
    return [
        Tree(usage, beside[0], beside[1], beside[2:6], beside[6:]) for usage, beside in zip(of, besides, strict=True)
    ]


def _with_end(usage: Usage) -> Usage:
    """In seconds since the epoch instead of the kernel's nanoseconds; 0 where the last exit was not told."""
    return usage._replace(ended_at=boot_time() + usage.ended_at / 1e9) if usage.ended_at else usage
