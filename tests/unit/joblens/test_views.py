"""What is shown of a job, whatever a node told of it and on however many hosts it ran."""

from __future__ import annotations

import pytest

from joblens.api.views import LensFile, LensHost, LensJobRow, spelled
from joblens.records import FileSample, JobInfo, Traffic
from joblens.store.memory import MemoryStore
from tests.unit.joblens.lens_site import BEGIN, HOST, batch, info, key_of, measured, sample

NO_TEXT = "\ud800\udcff"


@pytest.mark.parametrize("text, shown", [("é\udcff", "é\\xff"), ("é\ud800\udcff", "é\\ud800\\udcff"), ("", "")])
def test_a_text_is_shown_as_json_can_hold_it_whatever_halves_of_characters_it_has(text: str, shown: str) -> None:
    assert spelled(text) == shown


def test_texts_that_a_node_forged_are_shown_and_not_an_error() -> None:
    forged = JobInfo(key_of("1.0"), NO_TEXT, HOST, NO_TEXT, 1000, NO_TEXT, 1, BEGIN, schedd=NO_TEXT, step=NO_TEXT)
    file = FileSample(key_of("1.0"), BEGIN, NO_TEXT, NO_TEXT, NO_TEXT, Traffic.FILE, 1, 1, 0, 0)
    store = MemoryStore(lambda: BEGIN + 60)
    store.write([batch(1, jobs=[forged], samples=[sample("1.0", 1)])])
    row = LensJobRow.of(store.summary(key_of("1.0")))
    for shown in (row, LensHost.of(forged), LensFile.of(file)):
        assert "\\\\ud800" in shown.model_dump_json()


def test_a_job_whose_description_was_lost_on_the_way_is_shown_without_it() -> None:
    store = MemoryStore(lambda: BEGIN + 60)
    store.write([batch(1, samples=[sample("1.0", second) for second in (1, 2)])])
    row = LensJobRow.of(store.summary(key_of("1.0")))
    assert (row.user, row.name, row.hosts, row.cpus, row.cpu_efficiency) == ("", "", [], None, None)
    assert (row.read_bytes, row.now and row.now.cpu_percent) == (4_000_000, pytest.approx(100))


def test_what_a_job_used_of_what_it_asked_for_is_the_same_on_two_hosts_as_on_one() -> None:
    store = MemoryStore(lambda: BEGIN + 60)
    store.write([measured("1.0"), *(measured("2.0", sequence=2, host=host) for host in ("node1", "node2"))])
    one, two = (LensJobRow.of(store.summary(key_of(job))) for job in ("1.0", "2.0"))
    assert info("1.0").cpus == one.cpus == 2 and two.cpus == 4
    assert (one.host_count, two.host_count) == (1, 2)
    assert one.cpu_efficiency == two.cpu_efficiency == pytest.approx(0.5, rel=0.02)
    assert one.memory_efficiency == two.memory_efficiency == pytest.approx(200 / 1024)
