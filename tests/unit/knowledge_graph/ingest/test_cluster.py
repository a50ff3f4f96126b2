"""What the model is told of clusters, their nodes, slots, schedds and partitions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ink_core.compute.topology import NodeDetails, Partition, Schedd, Slot, Topology
from knowledge_graph.facts import Attribute, Layer, Relation
from knowledge_graph.ingest.cluster import ABSENT_FOR, ClusterIngester, facts_of_answer
from tests.told import links, values

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WN1 = NodeDetails(name="wn1", state="Unclaimed", cpus=8, cpus_used=2, memory_mb=16000, load=1.94)
WN2 = NodeDetails(name="wn2", state="DOWN", cpus=8, cpus_used=0, memory_mb=16000, out_of_service=True, reason="disk")


def seen(*nodes: NodeDetails, at: datetime = NOW, **parts: object) -> Topology:
    return Topology(cluster="pool", observed_at=at, nodes=nodes).model_copy(update=parts)


def test_nodes_are_told_with_their_state_in_the_schedulers_words_and_in_one_for_all() -> None:
    facts = ClusterIngester("pool").look(seen(WN1, WN2)).said
    assert values(facts, "node:wn1") == {
        "cpus": 8,
        "memory_mb": 16000,
        "health": "up",
        "state": "Unclaimed",
        "cpus_used": 2,
        "load": 2,
    }
    told = values(facts, "node:wn2")
    assert (told["health"], told["state"], told["reason"]) == ("out_of_service", "DOWN", "disk")
    assert ("node:wn1", Relation.PART_OF, "cluster:pool") in links(facts)
    assert values(facts, "cluster:pool") == {"nodes": 2, "nodes_out_of_service": 1, "cpus": 16, "cpus_used": 2}


def test_what_is_so_now_expires_and_what_a_node_is_does_not() -> None:
    facts = [fact for fact in ClusterIngester("pool").look(seen(WN1)).said if isinstance(fact, Attribute)]
    assert {fact.name for fact in facts if fact.origin.layer is Layer.TOPOLOGY} == {"cpus", "memory_mb"}
    assert all((fact.origin.expires_at is None) == (fact.origin.layer is Layer.TOPOLOGY) for fact in facts)


def test_slots_schedds_and_partitions_are_told() -> None:
    facts = (
        ClusterIngester("pool")
        .look(
            seen(
                WN1.model_copy(update={"partitions": ("long",)}),
                slots=(Slot("slot1_1@wn1", "wn1", "Claimed", "Busy", 2, 4000),),
                schedds=(Schedd(name="ap1", host="ap1.example", running=3, idle=2, held=1),),
                partitions=(
                    Partition(name="long", state="UP", nodes=2, cpus=16, longest_s=86400, allowed_groups=("cms",)),
                ),
            )
        )
        .said
    )
    assert values(facts, "slot:slot1_1@wn1") == {"cpus": 2, "memory_mb": 4000, "state": "Claimed", "activity": "Busy"}
    assert values(facts, "schedd:ap1") == {
        "health": "up",
        "host": "ap1.example",
        "jobs_running": 3,
        "jobs_idle": 2,
        "jobs_held": 1,
    }
    assert values(facts, "partition:pool/long") == {
        "state": "UP",
        "nodes": 2,
        "cpus": 16,
        "longest_s": 86400,
        "allowed_groups": "cms",
    }
    assert {
        ("slot:slot1_1@wn1", Relation.PART_OF, "node:wn1"),
        ("schedd:ap1", Relation.PART_OF, "cluster:pool"),
        ("partition:pool/long", Relation.PART_OF, "cluster:pool"),
        ("node:wn1", Relation.MEMBER_OF, "partition:pool/long"),
    } <= links(facts)


def test_a_node_that_reports_no_more_is_absent_and_up_again_when_it_is_back() -> None:
    ingester = ClusterIngester("pool")
    ingester.look(seen(WN1, WN2))
    gone = ingester.look(seen(WN2, at=NOW + timedelta(minutes=1)))
    told = values(gone.said, "node:wn1")
    assert told["health"] == "absent" and "2026-03-01T12:01:00" in str(told["reason"])
    assert "node:wn1.state@nodes@pool" in gone.unsaid
    assert not ingester.look(seen(WN2, at=NOW + timedelta(minutes=2))).said
    back = ingester.look(seen(WN1, WN2, at=NOW + timedelta(minutes=3)))
    assert values(back.said, "node:wn1")["health"] == "up"
    assert "node:wn1.reason@nodes@pool" in back.unsaid


def test_a_node_that_was_there_before_the_start_is_missed_too_and_forgotten_after_a_week() -> None:
    ingester = ClusterIngester("pool", nodes={"wn1", "wn9"}, schedds={"ap9"})
    facts = ingester.look(seen(WN1)).said
    assert values(facts, "node:wn9")["health"] == values(facts, "schedd:ap9")["health"] == "absent"
    later = ingester.look(seen(WN1, at=NOW + ABSENT_FOR))
    assert "node:wn9.health@nodes@pool" in later.unsaid


def test_a_slot_that_was_given_back_is_unsaid() -> None:
    ingester = ClusterIngester("pool")
    ingester.look(seen(WN1, slots=(Slot("slot1_1@wn1", "wn1", "Claimed", "Busy", 2, 4000),)))
    update = ingester.look(seen(WN1, at=NOW + timedelta(minutes=1)))
    assert not update.said and "slot:slot1_1@wn1.state@nodes@pool" in update.unsaid


def test_a_cluster_that_does_not_answer_is_away_with_the_reason() -> None:
    facts = facts_of_answer("pool", "htcondor", "the collector is silent", NOW - timedelta(minutes=9), NOW)
    assert values(facts, "cluster:pool") == {
        "type": "htcondor",
        "health": "away",
        "reason": "the collector is silent",
        "queue_seen_at": "2026-03-01T11:51:00+00:00",
    }
    assert values(facts_of_answer("pool", "htcondor", None, NOW, NOW), "cluster:pool")["health"] == "up"
