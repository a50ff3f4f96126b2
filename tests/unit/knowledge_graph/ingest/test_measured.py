"""What the model is told of measured jobs, by whom it is read and how long it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.facts import Relation
from knowledge_graph.ingest.measured import (
    KEPT_FOR,
    JudgedAs,
    MeasuredJob,
    MountTraffic,
    WarnedOf,
    facts_of_measured,
)
from tests.told import links, values

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SLOW = MeasuredJob(
    cluster="pool",
    job_id="12.0",
    owner="alice",
    state="running",
    seen_at=NOW - timedelta(minutes=1),
    hosts=("wn1",),
    cpu_percent=7.4,
    cpu_efficiency=0.0749,
    rss_peak_bytes=3 << 30,
    read_bytes=5 << 20,
    written_bytes=0,
    net_bytes=0,
    verdict=JudgedAs("io_bound", "It waits for /shared.", 0.8),
    warnings=(WarnedOf(NOW, "It reads one file again and again."),),
    traffic=(MountTraffic("/shared", "nfs4", 5 << 20, 0),),
)


def test_a_measured_job_tells_what_it_used_what_bounds_it_and_on_which_file_system() -> None:
    facts = facts_of_measured(SLOW, NOW)
    told = values(facts, "job:pool/12.0")
    assert (told["cpu_efficiency"], told["measured_memory_peak_mb"], told["read_mb"]) == (0.07, 3072, 5)
    assert (told["verdict"], told["verdict_text"]) == ("io_bound", "It waits for /shared.")
    assert told["file_systems"] == "/shared (nfs4)"
    assert {
        ("job:pool/12.0", Relation.RUNS_ON, "node:wn1"),
        ("job:pool/12.0", Relation.READS, "filesystem:/shared"),
    } < links(facts)


def test_a_warning_is_an_alert_about_the_job() -> None:
    facts = facts_of_measured(SLOW, NOW)
    assert values(facts, "alert:pool/12.0/1")["text"] == "It reads one file again and again."
    assert ("alert:pool/12.0/1", Relation.AFFECTS, "job:pool/12.0") in links(facts)


def test_its_owner_and_administrators_read_it_and_of_several_users_administrators_alone() -> None:
    for owner, readers in (("alice", {"user:alice", "admins"}), (None, {"admins"})):
        facts = facts_of_measured(replace(SLOW, owner=owner), NOW)
        assert {fact.origin.readers for fact in facts} == {frozenset(readers)}
        assert {fact.origin.label for fact in facts} == {Label(Confidentiality.USER, Integrity.UNTRUSTED)}


def test_a_measurement_holds_for_a_day_after_it_was_made() -> None:
    assert {fact.origin.expires_at for fact in facts_of_measured(SLOW, NOW)} == {SLOW.seen_at + KEPT_FOR}
    assert not facts_of_measured(replace(SLOW, seen_at=NOW - KEPT_FOR), NOW)
