"""The calls of real jobs: seen on a processor by the kernel's timer, named, and told while a capture asks for them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from joblens.asked_process import AskedProcess
from joblens.collector.capturing.stack_samples import Stacks
from joblens.records import JobKey
from joblens.stacks.sampler import Stack, StackSampler
from joblens.stacks.timer import ThreadTimer
from tests.acceptance.waiting import until
from tests.contract.job_trees import RealTrees
from tests.integration.joblens.running_collector import TakingManager, running_collector

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
PATIENCE_S = 200
JOB = "4711"
KEY = JobKey("slurm", JOB)
SPINS = "print(flush=True)\nwhile True: pass"


@pytest.fixture
def busy() -> Iterator[int]:
    """The pid of a process that computes."""
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", SPINS], stdout=subprocess.PIPE)
    assert process.stdout
    try:
        process.stdout.readline()  # it has begun: the interpreter's own start is over
        ThreadTimer(process.pid, 10**9).close()
    except PermissionError:
        pytest.skip("this host lets nobody sample calls")
    else:
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def seen(sampler: StackSampler, job: str, pid: int) -> Sequence[Stack]:
    return until("it was seen computing", lambda: sampler.look(job, [pid], 0.1), PATIENCE_S)


def test_a_process_that_computes_is_seen_in_functions_of_its_program(busy: int) -> None:
    sampler = StackSampler()
    assert sampler.look("a", [busy], 0.1) == []
    stacks = seen(sampler, "a", busy)
    assert {stack.pid for stack in stacks} == {busy}
    assert any("Eval" in frame for stack in stacks for frame in stack.frames)
    assert all(stack.cpu_ns == stack.samples * round(1e9 / 19) for stack in stacks)


def test_a_job_that_is_not_looked_at_any_more_has_no_timer_and_another_goes_on(busy: int) -> None:
    sampler = StackSampler()
    for job in ("a", "b"):
        seen(sampler, job, busy)
    sampler.keep(["b"])
    assert sampler.look("a", [], 0.1) == []
    assert seen(sampler, "b", busy)


def test_a_process_that_is_gone_is_no_mistake(busy: int) -> None:
    sampler = StackSampler()
    seen(sampler, "a", busy)
    assert sampler.look("a", [2**22 + 1], 0.1) is not None
    assert sampler.look("a", [], 0.1) == []


@pytest.mark.requirement("LENS-STACKS-01")
def test_a_capture_tells_in_which_calls_a_job_spends_its_time(tmp_path: Path, trees: RealTrees, busy: int) -> None:
    manager = TakingManager()
    manager.captures = [
        {"capture_id": "c1", "cluster": "slurm", "job": JOB, "seconds_left": 600, "interval_s": 0.5,
         "details": ["stacks"]},
    ]  # fmt: skip
    root = trees.begin({}, title=f"slurmstepd: [{JOB}.0]")
    settings = {"level": "proc", "starters": (trees.starter,), "interval_s": 3600}

    def stacks() -> bool:
        """Some function of the program is named; that of a file without names is in brackets."""
        trees.burn(root, 0.2)
        told = [sample for batch in list(manager.batches) for sample in batch.stacks]
        return any(not sample.frames.endswith("]") for sample in told)

    try:
        with running_collector(tmp_path, manager.url, **settings):
            until("its calls are told", stacks, PATIENCE_S)
    finally:
        manager.close()
    samples = [sample for batch in manager.batches for sample in batch.stacks]
    assert {(sample.key, sample.pid) for sample in samples} == {(KEY, root)}


@pytest.mark.parametrize("answer", ["17", '{"stacks": [[1]]}', '{"refused": "not here"}', "no JSON"])
def test_a_sampler_that_answers_nonsense_or_refuses_costs_the_stacks_alone(answer: str) -> None:
    program = f"import sys\nfor _ in sys.stdin: print({answer!r}, flush=True)"
    stacks = Stacks(AskedProcess((sys.executable, "-c", program), deadline_s=60))
    assert stacks.samples(KEY, [1], 1.0, every_s=1.0, all_jobs=[KEY]) == []
    stacks.close()
    assert stacks.children == ()
