"""Ids out of HTCondor's event log: what is written piece by piece, rotated, missing or nonsense."""

from __future__ import annotations

from pathlib import Path

import pytest

from ink_core.compute.htcondor.event_log import MOST_BYTES, EventLog

pytestmark = pytest.mark.requirement("CORE-JOBS-25")


def event(number: int, cluster: int, proc: int = 0, words: str = "Job executing on host: <10.0.0.1:9618>") -> str:
    return f"{number:03} ({cluster:03}.{proc:03}.000) 2026-11-26 19:03:00 {words}\n\tSlotName: slot1@wn1\n...\n"


def write(file: Path, text: str) -> None:
    with file.open("a") as opened:
        opened.write(text)


def test_jobs_with_events_are_told_once_and_those_of_before_are_not(tmp_path: Path) -> None:
    file = tmp_path / "EventLog"
    write(file, event(0, 171))
    log = EventLog(file)
    assert log.touched() == ()
    write(file, event(1, 172) + event(5, 172, 11) + event(1, 172))
    assert log.touched() == ("172.0", "172.11")
    assert log.touched() == ()


def test_an_event_that_is_half_written_is_told_when_its_line_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "EventLog"
    log = EventLog(file)
    write(file, "001 (17")
    assert log.touched() == ()
    write(file, "2.000.000) 2026-11-26 19:03:00 Job executing\n")
    assert log.touched() == ("172.0",)


def test_a_rotated_log_is_read_on_from_its_beginning_and_one_that_is_away_is_silent(tmp_path: Path) -> None:
    file = tmp_path / "EventLog"
    write(file, event(0, 1) * 5)
    log = EventLog(file)
    file.rename(tmp_path / "EventLog.old")
    assert log.touched() == ()
    write(file, event(5, 2))
    assert log.touched() == ("2.0",)


def test_of_very_much_at_once_the_end_is_read(tmp_path: Path) -> None:
    file = tmp_path / "EventLog"
    log = EventLog(file)
    write(file, event(0, 1) + "x" * MOST_BYTES + "\n" + event(0, 2))
    assert log.touched() == ("2.0",)


def test_what_users_write_into_events_names_no_job(tmp_path: Path) -> None:
    file = tmp_path / "EventLog"
    log = EventLog(file)
    write(file, event(12, 4, words="Job was held: 012 (9.0.0) and 012 (8.000.000) x"))
    assert log.touched() == ("4.0",)
