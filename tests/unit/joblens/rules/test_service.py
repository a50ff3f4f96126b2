"""The service: what comes in is noted at once and worked on later, and one refusal stops nothing else."""

from __future__ import annotations

from typing import Any

from ink_core.errors import Forbidden
from joblens.records import Batch, JobKey, JobSample, Level
from joblens.rules.events import Act, StartCapture, Warn
from joblens.rules.service import LATE_S, MAX_WAITING, RuleService
from tests.unit.joblens.rules.rule_parts import info, rule_set

BUSY: dict[str, Any] = {"when": [{"metric": "processes", "above": 5}], "capture": {"duration": "60s"}}


class NotingDoer:
    """Notes what it is asked for; refuses captures."""

    def __init__(self) -> None:
        self.warned: list[tuple[str, int]] = []
        self.refused = 0
        self.acted: list[str] = []

    async def capture(self, order: StartCapture) -> None:
        self.refused += 1
        raise Forbidden("no captures here")

    async def warn(self, warning: Warn) -> None:
        self.warned.append((warning.fired.key.job, warning.number))

    async def act(self, action: Act) -> None:
        self.acted.append(action.tool)


def batch(number: int, key: JobKey, processes: int) -> Batch:
    time = 1_000_000.0 + number
    figures = dict.fromkeys(JobSample._fields, 0) | {"processes": processes}
    sample = JobSample(**figures | {"key": key, "time": time, "final": False})  # pyright: ignore[reportArgumentType]
    return Batch("n1", number, time, 1.0, Level.BPF, jobs=[info(key)], samples=[sample])


async def test_a_capture_that_is_refused_holds_up_no_warning() -> None:
    doer = NotingDoer()
    service = RuleService(rule_set(BUSY), doer, lambda: 1_000_010.0)
    service.hear([batch(1, JobKey("site", "1.0"), 9), batch(2, JobKey("site", "2.0"), 3)])
    service.hear([batch(3, JobKey("site", "3.0"), 9)])
    assert doer.warned == []
    await service.work()
    assert doer.warned == [("1.0", 1), ("3.0", 1)]
    assert doer.refused == 2


async def test_what_comes_late_warns_nobody_and_acts_on_nothing() -> None:
    doer = NotingDoer()
    service = RuleService(rule_set(BUSY), doer, lambda: 1_000_010.0 + LATE_S)
    service.hear([batch(1, JobKey("site", "1.0"), 9), batch(11, JobKey("site", "2.0"), 9)])
    await service.work()
    assert doer.warned == [("2.0", 1)]


async def test_a_dry_run_asks_for_nothing() -> None:
    doer = NotingDoer()
    service = RuleService(rule_set(BUSY, dry_run=True), doer, lambda: 1_000_010.0)
    service.hear([batch(1, JobKey("site", "1.0"), 9)])
    await service.work()
    assert (doer.warned, doer.refused, doer.acted) == ([], 0, [])


async def test_batches_that_come_faster_than_they_are_worked_on_push_out_the_oldest() -> None:
    doer = NotingDoer()
    service = RuleService(rule_set(BUSY), doer, lambda: 1_000_010.0)
    service.hear([batch(1, JobKey("site", "1.0"), 9)] + [batch(2, JobKey("site", "2.0"), 9)] * MAX_WAITING)
    await service.work()
    assert service.missed == 1
    assert doer.warned == [("2.0", 1)]
