"""The process that holds the drivers' libraries: what it tells arrives whole, and its end or silence costs no more."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from joblens.asked_process import RETRY_S
from joblens.gpu.child import GpuChild
from joblens.gpu.reader import CardReading, GpuProcess

READING = CardReading(
    0, "GPU-1", "A card", "", 40.0, None, 1_000, 7, (GpuProcess(11, 600, 40.0), GpuProcess(12, 0, None))
)
ANSWERS = f"import sys\nfor _ in sys.stdin: print({json.dumps([asdict(READING)])!r}, flush=True)"


def child(program: str, clock: list[float], deadline_s: float = 60) -> GpuChild:
    return GpuChild((sys.executable, "-c", program), deadline_s=deadline_s, clock=lambda: clock[0])


def test_what_the_child_tells_is_what_the_reader_told_it() -> None:
    reader = child(ANSWERS, [0.0])
    assert [reader.read(), reader.read()] == [[READING], [READING]]
    assert reader.pid is not None
    reader.close()
    assert reader.pid is None


def test_a_child_that_ends_is_begun_again_after_a_while() -> None:
    clock = [0.0]
    reader = child("raise SystemExit(1)", clock)
    assert reader.read() == []
    reader._process._command[-1] = ANSWERS  # pyright: ignore[reportPrivateUsage]
    clock[0] = RETRY_S - 1
    assert reader.read() == [] and reader.pid is None
    clock[0] = RETRY_S + 1
    assert reader.read() == [READING]
    reader.close()


def test_a_driver_that_hangs_does_not_hold_up_the_collector() -> None:
    reader = child("import sys; sys.stdin.read()", [0.0], deadline_s=0.2)
    assert reader.read() == []
    assert reader.pid is None


def test_a_host_without_drivers_has_a_child_that_refuses() -> None:
    reader = GpuChild(deadline_s=60)
    assert reader.read() == []
    reader.close()
