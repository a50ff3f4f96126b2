"""What a submit asks an HTCondor schedd, and what is asked when its fate is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from ink_core.compute.model import JobSpec
from ink_core.compute.options import HtcondorOptions
from ink_core.compute.precheck import check
from ink_core.errors import SchedulerDown

pytest.importorskip("htcondor2")

from ink_core.compute.htcondor.pool import Pool
from ink_core.compute.htcondor.submission import describe, find_operation, submit

pytestmark = pytest.mark.requirement("CORE-JOBS-05")
AD = {"ClusterId": 7, "ProcId": 0}


class Result:
    def cluster(self) -> int:
        return 7

    def first_proc(self) -> int:
        return 0

    def num_procs(self) -> int:
        return 1


@dataclass
class Schedd:
    """A schedd of two lists. `lost`: it takes the job, which ends at once, and its answer is lost."""

    queue: list[dict[str, int]] = field(default_factory=list[dict[str, int]])
    ended: list[dict[str, int]] = field(default_factory=list[dict[str, int]])
    lost: bool = False
    asked: list[str] = field(default_factory=list[str])
    options: HtcondorOptions = HtcondorOptions(name="pool")  # noqa: RUF009 - frozen

    def query(self, constraint: str, projection: Sequence[str] = ()) -> Sequence[Any]:
        self.asked.append("queue")
        return list(self.queue)

    def history(self, constraint: str, projection: Sequence[str], *, limit: int, ended_after: int) -> Sequence[Any]:
        self.asked.append("history")
        return list(self.ended)

    def submit(self, description: dict[str, str], count: int) -> Result:
        self.asked.append("submit")
        if self.lost:
            self.ended.append(AD)
            raise SchedulerDown("the answer was lost")
        self.queue.append(AD)
        return Result()


def submit_to(schedd: Schedd, directory: Path) -> tuple[str, ...]:
    spec = JobSpec(executable="/bin/true", working_directory=str(directory))
    return submit(cast(Pool, schedd), spec, "operation-0001").job_ids


def test_a_submit_asks_the_queue_and_no_history(tmp_path: Path) -> None:
    schedd = Schedd()
    assert submit_to(schedd, tmp_path) == ("7.0",)
    assert schedd.asked == ["queue", "submit"]
    assert submit_to(schedd, tmp_path) == ("7.0",)
    assert schedd.asked == ["queue", "submit", "queue"]


def test_a_submit_whose_answer_is_lost_is_found_though_its_job_has_ended(tmp_path: Path) -> None:
    schedd = Schedd(lost=True)
    assert submit_to(schedd, tmp_path) == ("7.0",)
    assert schedd.asked == ["queue", "submit", "queue", "history"]


def test_an_operation_is_looked_for_in_queue_and_history() -> None:
    assert find_operation(cast(Pool, Schedd()), "operation-0001") is None
    found = find_operation(cast(Pool, Schedd(queue=[AD], ended=[AD, {"ClusterId": 7, "ProcId": 1}])), "operation-0001")
    assert found is not None and found.job_ids == ("7.0", "7.1")


def test_a_kind_of_gpu_is_asked_of_the_machine(tmp_path: Path) -> None:
    wished = {"gpus": 2, "gpu_type": "a100-40"}
    spec = JobSpec.model_validate({"executable": "/bin/true", "working_directory": str(tmp_path), **wished})
    asked = describe(spec, check(spec), "op")
    assert (asked["request_gpus"], asked["require_gpus"]) == ("2", 'regexp("a100\\\\-40", DeviceName, "i")')
    with pytest.raises(ValueError, match="how many GPUs"):
        JobSpec.model_validate({"executable": "/bin/true", "working_directory": "/", "gpu_type": "a100"})
