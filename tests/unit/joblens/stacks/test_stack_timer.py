"""What the kernel writes down of a thread's calls is read as its manual says."""

from __future__ import annotations

import struct

from joblens.stacks.names import UNKNOWN
from joblens.stacks.sampler import frames_of
from joblens.stacks.timer import chains_in

MARKER = 2**64 - 512


def record(kind: int, *numbers: int) -> bytes:
    body = struct.pack(f"=IIQ{len(numbers)}Q", 17, 18, len(numbers), *numbers)
    return struct.pack("=IHH", kind, 0, 8 + len(body)) + body


def test_calls_are_told_without_markers_and_other_records_are_passed_over() -> None:
    told = chains_in(record(9, MARKER, 40, 30) + record(2) + record(9, MARKER) + record(9, MARKER, 50))
    assert list(told) == [(40, 30), (), (50,)]


def test_a_record_that_is_cut_or_empty_ends_the_reading() -> None:
    assert list(chains_in(record(9, 40) + bytes(16))) == [(40,)]
    assert list(chains_in(b"\0" * 5)) == []


def test_callers_are_told_up_to_where_frame_pointers_lead_astray() -> None:
    assert frames_of(["exp", "fit", "main"]) == ("main", "fit", "exp")
    assert frames_of(["exp", "fit", UNKNOWN, "main"]) == ("fit", "exp")
    assert frames_of([UNKNOWN, "main"]) == ("main", UNKNOWN)
