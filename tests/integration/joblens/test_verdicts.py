"""Jobs of the labelled corpus run here under a real probe, and their verdicts are what they were made to be.

Those that show it only with a core of their own, or only where much is done in a second, are in `bench/verdicts` alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bench.verdicts import local_run
from bench.verdicts.corpus import CORPUS
from joblens.bpf.probe import BpfProbe
from joblens.errors import ProbeRefused
from joblens.verdicts.verdict import Cause

pytestmark = [pytest.mark.integration, pytest.mark.skipif(os.geteuid() != 0, reason="eBPF and other users' jobs: root")]

ON_ANY_MACHINE = {Cause.IDLE, Cause.RUNAWAY, Cause.MEMORY_SHORT, Cause.NETWORK_BOUND}
SECONDS = 12.0


@pytest.fixture
def probe() -> Iterator[BpfProbe]:
    probe = BpfProbe(starters=(local_run.STARTER,))
    try:
        probe.open()
    except ProbeRefused as why:
        pytest.skip(str(why))
    yield probe
    probe.close()


@pytest.mark.requirement("LENS-SUMMARY-02")
def test_jobs_of_the_corpus_are_what_they_were_made_to_be(probe: BpfProbe) -> None:
    cases = [case._replace(seconds=SECONDS) for case in CORPUS if case.label in ON_ANY_MACHINE and not case.held_out]
    judged = local_run.judge_all(probe, cases, at_once=len(cases))
    assert {each.case.label: each.verdict.cause for each in judged} == {case.label: case.label for case in cases}
