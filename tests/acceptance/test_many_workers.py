"""Hundreds of workers on real connections: the manager is killed under them, and all come back with what they did."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bench.workers.storm import storm

pytestmark = [pytest.mark.integration, pytest.mark.timeout(900)]


@pytest.mark.requirement("WORKER-SCALE-01")
@pytest.mark.requirement("WORKER-SCALE-02")
def test_all_workers_come_back_to_a_manager_that_was_killed_and_their_calls_happen_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as apart:  # from the event loop that a browser of another test leaves in this thread
        figures = apart.submit(storm, tmp_path, workers=300, calls=20, durations_s=(0.5, 6.0)).result()
    assert (figures["reconnect_workers"], figures["calls"]) == (300, 20)
    assert (figures["lost_calls"], figures["double_calls"]) == (0, 0)
