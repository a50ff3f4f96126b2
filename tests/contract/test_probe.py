"""What every probe promises: the double and the real ones, each within what it says it can see."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from joblens.bpf.probe import BpfProbe
from joblens.collector.probes.probe import Found, Probe, Reading, Usage
from joblens.collector.probes.proc_probe import ProcProbe
from joblens.collector.probes.scripted_probe import ScriptedProbe
from joblens.errors import ProbeRefused
from tests.acceptance.waiting import until
from tests.contract.job_trees import RealTrees, ScriptedTrees, Trees

REAL: dict[str, Callable[[frozenset[str]], Probe]] = {"proc": ProcProbe, "bpf": BpfProbe}
ENVIRONMENT = {"SLURM_JOB_ID": "67890", "SLURM_JOB_GPUS": "", "SLURM_JOB_NAME": "a=b"}


class World:
    """A probe, and where its jobs run. `readings` are all since `open`."""

    def __init__(self, probe: Probe, trees: Trees) -> None:
        self.probe, self.trees = probe, trees
        self.found: dict[int, Found] = {}
        self.usages: dict[int, Usage] = {}
        self.ends: list[int] = []
        self.files: dict[tuple[int, str], tuple[int, int, int, int]] = {}

    def read(self) -> Reading:
        reading = self.probe.read()
        self.found |= {found.root_pid: found for found in reading.found}
        self.usages |= {usage.handle: usage for usage in reading.usages}
        self.ends += [usage.handle for usage in reading.usages if usage.ended]
        for file in reading.files:
            figures = (file.read_bytes, file.read_ops, file.write_bytes, file.write_ops)
            self.files[file.handle, file.path] = figures
        return reading

    def usage(self, root: int) -> Usage:
        return self.usages[self.found[root].handle]

    def until(self, what: str, check: Callable[[], object]) -> None:
        """Reads until it is so: the figures of a real probe may be some milliseconds behind."""

        def look() -> bool:
            self.probe.wait(0.01)
            self.read()
            with suppress(KeyError):
                return bool(check())
            return False

        until(what, look, timeout_s=60)

    def begin(self, environ: dict[str, str] = ENVIRONMENT) -> int:
        root = self.trees.begin(environ)
        self.until("the job is found", lambda: self.found[root])
        return root


@pytest.fixture(params=["scripted", *REAL])
def closed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Not opened yet."""
    if request.param == "scripted":
        probe = ScriptedProbe()
        world = World(probe, ScriptedTrees(probe))
    else:
        trees = RealTrees(tmp_path)
        world = World(REAL[request.param](frozenset({trees.starter})), trees)
    yield world
    world.probe.close()
    world.trees.close()


@pytest.fixture
def world(closed: World) -> World:
    try:
        closed.probe.open()
    except ProbeRefused as why:
        pytest.skip(str(why))
    return closed


@pytest.fixture
def root(world: World) -> int:
    return world.begin()


def sees(world: World, figure: str) -> None:
    if figure in world.probe.unseen:
        pytest.skip(f"this level says that it does not see {figure}")


def test_a_job_is_found_once_with_its_owner_and_environment(world: World, root: int) -> None:
    found = world.found[root]
    assert (found.uid, found.adopted) == (os.getuid(), False)
    assert found.environ == ENVIRONMENT
    assert root not in [again.root_pid for again in world.read().found]


@pytest.mark.requirement("LENS-LIFE-03")
def test_a_job_that_ran_before_is_adopted(closed: World) -> None:
    root = closed.trees.begin(ENVIRONMENT)
    try:
        closed.probe.open()
    except ProbeRefused as why:
        pytest.skip(str(why))
    closed.until("the job is found", lambda: closed.found[root])
    assert closed.found[root].adopted
    assert closed.found[root].environ.items() >= ENVIRONMENT.items()
    closed.trees.write(root, 70_000)
    closed.until("its work counts", lambda: closed.usage(root).wchar >= 70_000)


def test_jobs_are_kept_apart(world: World, root: int) -> None:
    other = world.begin({"SLURM_JOB_ID": "67891"})
    world.trees.write(other, 123_456)
    world.until("its writes are seen", lambda: world.usage(other).wchar >= 123_456)
    assert world.found[root].handle != world.found[other].handle
    assert world.usage(root).wchar < 123_456


def test_cpu_time_is_counted(world: World, root: int) -> None:
    before = world.usage(root).cpu_ns
    world.trees.burn(root, 0.2)
    world.until("the work is seen", lambda: world.usage(root).cpu_ns - before >= 0.15e9)


def test_bytes_and_operations_are_counted_as_they_were_asked_for(world: World, root: int) -> None:
    before = world.usage(root)
    world.trees.write(root, 300_000)
    world.trees.read(root, 200_000)
    world.until("both are seen", lambda: world.usage(root).rchar - before.rchar >= 200_000)
    after = world.usage(root)
    assert 300_000 <= after.wchar - before.wchar < 303_000
    assert 200_000 <= after.rchar - before.rchar < 202_000
    assert after.syscw > before.syscw and after.syscr > before.syscr


@pytest.mark.requirement("LENS-MEM-01")
def test_memory_has_a_present_value_and_a_peak(world: World, root: int) -> None:
    world.trees.hold(root, 30_000_000)
    world.until("the memory is seen", lambda: world.usage(root).rss_bytes >= 30_000_000)
    world.trees.hold(root, 1000)
    world.until("it is given back", lambda: world.usage(root).rss_bytes < 30_000_000)
    assert world.usage(root).rss_peak_bytes >= 30_000_000


@pytest.mark.requirement("LENS-LIFE-06")
@pytest.mark.parametrize("daemon", [False, True], ids=["child", "double-forked"])
def test_a_descendant_counts_for_the_job(world: World, root: int, daemon: bool) -> None:
    world.until("the root is seen", lambda: world.probe.members().get(world.found[root].handle) == [root])
    pid = world.trees.child(root, daemon=daemon)
    if daemon and "short_jobs" in world.probe.unseen:
        pytest.skip("this level does not see a child that has left its parent between two looks")
    world.until("it is a member", lambda: world.probe.members().get(world.found[root].handle) == sorted([root, pid]))
    assert (world.usage(root).processes, world.usage(root).threads) == (2, 2)


def test_counters_never_fall(world: World, root: int) -> None:
    world.trees.child(root)
    world.trees.write(root, 10_000)
    world.until("the writes are seen", lambda: world.usage(root).wchar >= 10_000)
    before = world.usage(root)
    world.trees.end(root)
    world.until("the end is told", lambda: world.usage(root).ended)
    assert all(after >= earlier for after, earlier in zip(world.usage(root)[1:14], before[1:14], strict=True))


def test_an_end_is_told_once_and_the_handle_is_not_used_again(world: World, root: int) -> None:
    handle = world.found[root].handle
    world.trees.end(root)
    world.until("the end is told", lambda: world.usage(root).ended)
    other = world.begin()
    world.read()
    assert world.ends == [handle]
    assert world.found[other].handle != handle
    assert handle not in world.probe.members()


def test_traffic_on_a_file_is_told_when_it_has_changed(world: World, root: int) -> None:
    sees(world, "files")
    path = world.trees.write(root, 5000)
    handle = world.found[root].handle
    world.until("the file is told", lambda: world.files[handle, path] == (0, 0, 5000, 1))
    assert path not in [file.path for file in world.read().files]
    world.trees.write(root, 3000)
    world.until("it has grown", lambda: world.files[handle, path] == (0, 0, 8000, 2))


def test_nothing_is_lost_without_being_told(world: World, root: int) -> None:
    assert world.read().lost_events == 0


def test_each_tree_has_its_own_members(world: World, root: int) -> None:
    other = world.begin()
    world.until("both are seen", lambda: {root, other} <= set(world.found))
    members = world.probe.members()
    assert [members[world.found[each].handle] for each in (root, other)] == [[root], [other]]
