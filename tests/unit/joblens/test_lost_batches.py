"""What a job is comes again to the store when batches were lost on the way: without that no user sees the job."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from joblens.collector import collector as module
from joblens.collector.delivery.spool import Spool
from joblens.records import JobKey
from joblens.store.wire import decode
from tests.unit.joblens.scripted_collector import of_host
from tests.unit.joblens.scripted_jobs import Host, key


def described(spool: Spool) -> list[JobKey]:
    (newest,) = spool.oldest(1, 1)
    return [info.key for info in decode(newest.data).jobs]


@pytest.mark.requirement("LENS-STORE-02")
@pytest.mark.parametrize(("spool_bytes", "wanted"), [(1, [key("7")]), (1 << 20, [])])
def test_a_job_is_described_again_when_a_batch_was_dropped_and_only_then(
    spool_bytes: int, wanted: list[JobKey], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DESCRIBED_AGAIN_EVERY_S", 1e-6)
    host, spool = Host(), Spool(tmp_path / "spool", spool_bytes)
    host.probe.open()
    host.probe.work(host.step("7"), cpu_ns=5)
    collector = of_host(host, spool, tmp_path)
    collector.turn()
    assert described(spool) == [key("7")]
    deadline = time.monotonic() + 20
    while spool.last_sequence < 3 and time.monotonic() < deadline:
        collector.turn()
        if len(spool) > 1:
            spool.delivered(spool.last_sequence - 1)
    assert spool.last_sequence == 3
    assert described(spool) == wanted
