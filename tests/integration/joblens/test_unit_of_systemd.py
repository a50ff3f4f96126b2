"""The unit of systemd: it is valid, and the capabilities that it names are enough and few."""

from __future__ import annotations

import os
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from joblens.bpf.probe import BpfProbe
from joblens.errors import ProbeRefused
from joblens.records import Level
from tests.acceptance.waiting import until
from tests.contract.job_trees import RealTrees
from tests.integration.joblens.running_collector import ROOT, TakingManager, running_collector

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
UNIT = ROOT / "deploy/systemd/ink-joblens.service"
ALLOWED = {"CAP_DAC_READ_SEARCH": 2, "CAP_SYS_PTRACE": 19, "CAP_SYS_RESOURCE": 24, "CAP_PERFMON": 38, "CAP_BPF": 39}
"""With their numbers, capabilities(7)."""
NOBODY = 65534
JOB = "4711"


def service() -> dict[str, str]:
    unit = RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT)
    return dict(unit["Service"])


def held(capability: str) -> bool:
    """Whether this process could hand it out: some containers' root has less than all."""
    permitted = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapPrm:"))
    return bool(int(permitted.split()[1], 16) >> ALLOWED[capability] & 1)


def level_of_root(trees: RealTrees) -> Level:
    """How root could observe this host."""
    try:
        probe = BpfProbe({trees.starter})
        probe.open()
        probe.close()
    except ProbeRefused:
        return Level.PROC
    return Level.BPF


def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("this machine has no systemd-analyze")
    command = service()["ExecStart"]
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace(command, "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_runs_as_a_user_of_its_own_with_no_capability_beyond_those_it_needs() -> None:
    unit = service()
    assert unit["User"] not in ("root", "0", "")
    assert set(unit["AmbientCapabilities"].split()) == set(unit["CapabilityBoundingSet"].split()) == set(ALLOWED)
    assert unit["NoNewPrivileges"] == "yes"


def test_with_these_capabilities_and_no_root_it_sees_and_names_jobs_of_others(tmp_path: Path) -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("only root can hand out capabilities, by setpriv")
    (tmp_path / "job").mkdir()
    trees, manager = RealTrees(tmp_path / "job"), TakingManager()
    manager.captures = [
        {"capture_id": "c1", "cluster": "slurm", "job": JOB, "seconds_left": 600, "interval_s": 0.5,
         "details": ["stacks"]},
    ]  # fmt: skip

    def calls_told() -> bool:
        trees.burn(root, 0.2)
        return any(batch.stacks for batch in list(manager.batches))

    (tmp_path / "collector").mkdir()
    os.chown(tmp_path / "collector", NOBODY, NOBODY)
    capabilities = "".join(f",+{name.removeprefix('CAP_').lower()}" for name in ALLOWED if held(name))
    become = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", f"--inh-caps=-all{capabilities}",
              f"--ambient-caps=-all{capabilities}", f"--bounding-set=-all{capabilities}", "--no-new-privs")  # fmt: skip
    try:
        root = trees.begin({}, title=f"slurmstepd: [{JOB}.0]")
        settings = {"starters": (trees.starter,), "unprivileged_starters": False}
        with running_collector(tmp_path / "collector", manager.url, become=become, **settings):
            until("the job is told", lambda: manager.samples(JOB), timeout_s=200)
            trees.write(root, 70_000)
            until("its writes are told", lambda: manager.samples(JOB)[-1].wchar >= 70_000, timeout_s=200)
            if held("CAP_PERFMON"):
                until("its calls are told", calls_told, timeout_s=200)
        assert "io_of_others" not in manager.batches[-1].unseen
        assert manager.batches[-1].level is level_of_root(trees)
    finally:
        trees.close()
        manager.close()
